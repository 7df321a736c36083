package io.atlassmr.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.fixture.Cluster;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.wire.v1.ManifestPage;
import io.atlassmr.wire.v1.PartDescriptor;
import io.atlassmr.wire.v1.PartKind;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CheckpointCodecTest {

    private static final Digest DIGEST = Sha256.of(new byte[] {1});

    @Provide
    static Arbitrary<List<Part>> parts() {
        Arbitrary<byte[]> ids = Arbitraries.bytes().array(byte[].class).ofMaxSize(5);
        Arbitrary<Digest> digests = Arbitraries.bytes().map(b -> Sha256.of(new byte[] {b}));
        return Combinators.combine(
                        Arbitraries.of(Part.Kind.values()),
                        ids,
                        Arbitraries.longs().greaterOrEqual(0),
                        digests,
                        Arbitraries.integers().between(0, DivisibleState.MAX_PART_BYTES))
                .as(Part::new)
                .list()
                .ofMaxSize(6);
    }

    private static ReconfigurationState reconfiguration(int window) {
        return Cluster.initial(Members.of(4).membership(), window);
    }

    @Provide
    static Arbitrary<CheckpointHeader> headers() {
        Arbitrary<Digest> digests = Arbitraries.bytes().map(b -> Sha256.of(new byte[] {b}));
        Arbitrary<Integer> counts = Arbitraries.integers().between(0, Manifest.MAX_PARTS);
        Arbitrary<Integer> windows = Arbitraries.integers().between(1, 1024);
        Arbitrary<Long> naturals = Arbitraries.longs().greaterOrEqual(0);
        return Combinators.combine(
                        Arbitraries.longs().greaterOrEqual(1), naturals, digests, windows, digests, counts, naturals)
                .as((s, time, history, window, root, count, size) -> new CheckpointHeader(
                        s,
                        time,
                        history,
                        reconfiguration(window),
                        Math.max(1, Math.ceilDiv(count, Manifest.PARTS_PER_PAGE)),
                        root,
                        count,
                        size));
    }

    @Property(tries = 300)
    void aPageIsReadBack(@ForAll("parts") List<Part> parts) throws MalformedMessageException {
        assertEquals(parts, CheckpointCodec.decodePage(CheckpointCodec.encodePage(parts)));
    }

    @Property(tries = 300)
    void aHeaderIsReadBack(@ForAll("headers") CheckpointHeader header) throws Exception {
        byte[] bytes = CheckpointCodec.encode(header).toByteArray();
        assertEquals(header, CheckpointCodec.decode(io.atlassmr.wire.v1.CheckpointHeader.parseFrom(bytes)));
    }

    @Property(tries = 2000)
    void noBytesBreakTheReadingOfPages(@ForAll byte[] bytes) {
        readPage(bytes);
    }

    @Property(tries = 3000)
    void damagedPagesAreMalformedOrNameOtherParts(@ForAll("parts") List<Part> parts, @ForAll long seed) {
        byte[] bytes = CheckpointCodec.encodePage(parts);
        damage(bytes, seed);
        readPage(bytes);
    }

    @Property(tries = 3000)
    void aPageIsReadAsItsMessageWouldBe(@ForAll("parts") List<Part> parts, @ForAll long seed) {
        byte[] bytes = CheckpointCodec.encodePage(parts);
        damage(bytes, seed);
        List<Part> read;
        try {
            read = CheckpointCodec.decodePage(bytes);
        } catch (MalformedMessageException _) {
            return;
        }
        ManifestPage message = assertDoesNotThrow(() -> ManifestPage.parseFrom(bytes));
        assertEquals(message.getPartsCount(), read.size());
        for (int i = 0; i < read.size(); i++) {
            PartDescriptor described = message.getParts(i);
            assertEquals(described.getKind().name(), read.get(i).kind().name());
            assertArrayEquals(described.getId().toByteArray(), read.get(i).id());
            assertEquals(described.getVersion(), read.get(i).version());
            assertArrayEquals(
                    described.getDigest().toByteArray(), read.get(i).digest().toByteArray());
            assertEquals(described.getSizeBytes(), read.get(i).sizeBytes());
        }
    }

    private static void readPage(byte[] bytes) {
        try {
            for (Part part : CheckpointCodec.decodePage(bytes)) {
                assertTrue(part.sizeBytes() >= 0 && part.sizeBytes() <= DivisibleState.MAX_PART_BYTES);
                assertTrue(part.version() >= 0);
                assertTrue(part.id().length <= DivisibleState.MAX_PART_ID_BYTES);
            }
        } catch (MalformedMessageException _) {
            // Refused, as it should be.
        }
    }

    @Property(tries = 3000)
    void damagedHeadersAreMalformedOrOthers(@ForAll("headers") CheckpointHeader header, @ForAll long seed) {
        byte[] bytes = CheckpointCodec.encode(header).toByteArray();
        damage(bytes, seed);
        try {
            CheckpointHeader read = CheckpointCodec.decode(io.atlassmr.wire.v1.CheckpointHeader.parseFrom(bytes));
            assertTrue(read.sequenceNumber() >= 1 && read.sizeBytes() >= 0 && read.agreedTimeMillis() >= 0);
            assertTrue(read.pageCount() >= 1 && read.pageCount() <= Manifest.MAX_PARTS / Manifest.PARTS_PER_PAGE);
        } catch (MalformedMessageException | InvalidProtocolBufferException _) {
            // Refused, as it should be.
        }
    }

    private static void damage(byte[] bytes, long seed) {
        Random random = new Random(seed);
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
    }

    private static io.atlassmr.wire.v1.CheckpointHeader.Builder header() {
        return CheckpointCodec.encode(new CheckpointHeader(1, 0, DIGEST, reconfiguration(4), 1, DIGEST, 0, 0))
                .toBuilder();
    }

    private static void assertMalformed(io.atlassmr.wire.v1.CheckpointHeader.Builder header) {
        assertThrows(MalformedMessageException.class, () -> CheckpointCodec.decode(header.build()));
    }

    @Test
    void aHeadersNumbersAreInRange() {
        assertMalformed(header().setSequenceNumber(0));
        assertMalformed(header().setSequenceNumber(-1));
        assertMalformed(header().setAgreedTimeMillis(-1));
        assertMalformed(header().setSizeBytes(-1));
        assertMalformed(header().setPartCount(-1));
        assertMalformed(header().setPartCount(Manifest.MAX_PARTS + 1).setPageCount(4097));
    }

    @Test
    void pagesFitParts() throws MalformedMessageException {
        assertMalformed(header().setPageCount(0));
        assertMalformed(header().setPageCount(2));
        assertMalformed(header().setPartCount(Manifest.PARTS_PER_PAGE + 1));
        assertMalformed(header().setPageCount(-1).setPartCount(Manifest.MAX_PARTS));
        assertEquals(
                4096,
                CheckpointCodec.decode(header().setPartCount(Manifest.MAX_PARTS)
                                .setPageCount(4096)
                                .build())
                        .pageCount());
    }

    @Test
    void aHeadersDigestsHave32Bytes() {
        assertMalformed(header().clearPagesRoot());
        assertMalformed(header().setHistoryDigest(ByteString.copyFrom(new byte[31])));
    }

    @Test
    void aHeaderSaysWhatTheMembersAgreeOn() {
        assertMalformed(header().clearReconfiguration());
    }

    private static PartDescriptor.Builder part() {
        return PartDescriptor.newBuilder()
                .setKind(PartKind.APPLICATION)
                .setId(ByteString.copyFrom(new byte[4]))
                .setDigest(ByteString.copyFrom(DIGEST.toByteArray()));
    }

    private static void assertMalformed(PartDescriptor.Builder part) {
        byte[] page = ManifestPage.newBuilder().addParts(part).build().toByteArray();
        assertThrows(MalformedMessageException.class, () -> CheckpointCodec.decodePage(page));
    }

    @Test
    void aPartIsWithinBounds() {
        assertMalformed(part().clearKind());
        assertMalformed(part().setKindValue(77));
        assertMalformed(part().setId(ByteString.copyFrom(new byte[DivisibleState.MAX_PART_ID_BYTES + 1])));
        assertMalformed(part().setSizeBytes(-1));
        assertMalformed(part().setSizeBytes(DivisibleState.MAX_PART_BYTES + 1));
        assertMalformed(part().setVersion(-1));
        assertMalformed(part().clearDigest());
    }

    @Test
    void aPageHasABoundedNumberOfParts() throws MalformedMessageException {
        ManifestPage.Builder page = ManifestPage.newBuilder();
        for (int i = 0; i < Manifest.PARTS_PER_PAGE; i++) {
            page.addParts(part());
        }
        assertEquals(
                Manifest.PARTS_PER_PAGE,
                CheckpointCodec.decodePage(page.build().toByteArray()).size());
        byte[] oneMore = page.addParts(part()).build().toByteArray();
        assertThrows(MalformedMessageException.class, () -> CheckpointCodec.decodePage(oneMore));
    }
}
