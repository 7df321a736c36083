package io.atlassmr.protocol.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.wire.v1.Bundle;
import io.atlassmr.wire.v1.Request;
import io.atlassmr.wire.v1.SignedBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchCodecTest {

    private static final ByteString CLIENT =
            ByteString.copyFrom(Bundles.client(1).toByteArray());
    private static final ByteString SIGNATURE = ByteString.copyFrom(new byte[64]);

    @Property
    void whatWasEncodedIsDecoded(
            @ForAll @LongRange(min = 0) long agreedTimeMillis,
            @ForAll @Size(max = 5) List<@IntRange(min = 1, max = 9) Integer> clients)
            throws MalformedMessageException {
        List<ClientBundle> bundles = clients.stream()
                .map(client -> Bundles.bundle(client, 7, 3, 4, 5, 9))
                .toList();
        Batch batch = BatchCodec.encode(agreedTimeMillis, bundles);
        Batch decoded = BatchCodec.decode(batch.encoded());
        assertEquals(batch, decoded);
        assertEquals(agreedTimeMillis, decoded.agreedTimeMillis());
        assertEquals(bundles, decoded.bundles());
        assertEquals(3 * clients.size(), decoded.requestCount());
        assertArrayEquals(batch.encoded(), decoded.encoded());
    }

    @Property(tries = 5000)
    void damagedBytesAreMalformedOrAnotherBatch(@ForAll @IntRange(min = 0, max = 3) int bundles, @ForAll long seed) {
        List<ClientBundle> some = new ArrayList<>();
        for (int i = 0; i < bundles; i++) {
            some.add(Bundles.bundle(i, 1, 0, 1, 2));
        }
        byte[] bytes = BatchCodec.encode(1, some).encoded();
        Random random = new Random(seed);
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        decodeAnything(bytes);
    }

    @Property(tries = 5000)
    void noBytesBreakTheDecoder(@ForAll byte[] bytes) {
        decodeAnything(bytes);
    }

    /** Whatever is accepted keeps its bytes, because its digest was agreed on. */
    private static void decodeAnything(byte[] bytes) {
        try {
            Batch batch = BatchCodec.decode(bytes);
            assertArrayEquals(bytes, batch.encoded());
            assertEquals(Sha256.of(bytes), batch.digest());
        } catch (MalformedMessageException _) {
            // Refused, as it should be.
        }
    }

    private static SignedBundle.Builder signed(Bundle.Builder bundle) {
        return SignedBundle.newBuilder()
                .setPayload(bundle.build().toByteString())
                .setSignature(SIGNATURE);
    }

    private static Bundle.Builder bundle(long... numbers) {
        Bundle.Builder bundle = Bundle.newBuilder().setClientId(CLIENT);
        for (long number : numbers) {
            bundle.addRequests(Request.newBuilder().setNumber(number));
        }
        return bundle;
    }

    private static void assertMalformed(SignedBundle.Builder bundle) {
        assertThrows(MalformedMessageException.class, () -> BatchCodec.decode(bundle.build()));
        byte[] batch = io.atlassmr.wire.v1.Batch.newBuilder()
                .addBundles(bundle)
                .build()
                .toByteArray();
        assertThrows(MalformedMessageException.class, () -> BatchCodec.decode(batch));
    }

    @Test
    void aBundleHasRequests() {
        assertMalformed(signed(bundle()));
    }

    @Test
    void requestNumbersAscendFromOne() throws MalformedMessageException {
        assertEquals(
                List.of(1L, 3L, Long.MAX_VALUE),
                BatchCodec.decode(signed(bundle(1, 3, Long.MAX_VALUE)).build()).requests().stream()
                        .map(ClientRequest::number)
                        .toList());
        assertMalformed(signed(bundle(0)));
        assertMalformed(signed(bundle(-1)));
        assertMalformed(signed(bundle(2, 2)));
        assertMalformed(signed(bundle(2, 1)));
    }

    @Test
    void aBundleHasABoundedNumberOfRequests() throws MalformedMessageException {
        Bundle.Builder most = bundle();
        for (int number = 1; number <= BatchCodec.MAX_BUNDLE_REQUESTS; number++) {
            most.addRequests(Request.newBuilder().setNumber(number));
        }
        assertEquals(
                BatchCodec.MAX_BUNDLE_REQUESTS,
                BatchCodec.decode(signed(most).build()).requests().size());
        assertMalformed(signed(most.addRequests(Request.newBuilder().setNumber(BatchCodec.MAX_BUNDLE_REQUESTS + 1))));
    }

    @Test
    void aBundleHasABoundedSize() {
        Bundle.Builder large = Bundle.newBuilder()
                .setClientId(CLIENT)
                .addRequests(Request.newBuilder()
                        .setNumber(1)
                        .setOperation(ByteString.copyFrom(new byte[BatchCodec.MAX_BUNDLE_BYTES])));
        assertMalformed(signed(large));
    }

    @Test
    void aClientIdHas32BytesAndASignature64() {
        assertMalformed(signed(bundle(1).setClientId(ByteString.copyFrom(new byte[31]))));
        assertMalformed(signed(bundle(1)).setSignature(ByteString.copyFrom(new byte[63])));
    }

    @Test
    void timesAndNumbersAreNotNegative() {
        assertMalformed(signed(bundle(1).setSignedAtMillis(-1)));
        assertMalformed(signed(bundle(1).setAnsweredBelow(-1)));
        byte[] batch = io.atlassmr.wire.v1.Batch.newBuilder()
                .setAgreedTimeMillis(-1)
                .build()
                .toByteArray();
        assertThrows(MalformedMessageException.class, () -> BatchCodec.decode(batch));
    }

    @Test
    void aBatchHasABoundedSize() {
        byte[] tooLarge = new byte[BatchCodec.MAX_BATCH_BYTES + 1];
        assertThrows(MalformedMessageException.class, () -> BatchCodec.decode(tooLarge));
    }

    @Test
    void aBatchHasABoundedNumberOfBundles() {
        SignedBundle one = signed(bundle(1)).build();
        var wire = io.atlassmr.wire.v1.Batch.newBuilder();
        for (int i = 0; i <= BatchCodec.MAX_BATCH_BUNDLES; i++) {
            wire.addBundles(one);
        }
        byte[] batch = wire.build().toByteArray();
        assertThrows(MalformedMessageException.class, () -> BatchCodec.decode(batch));
    }

    @Test
    void bytesOfLaterVersionsAreKept() throws MalformedMessageException {
        byte[] known = Bundles.batch(1, 1).encoded();
        byte[] withUnknownField = ByteString.copyFrom(known)
                .concat(ByteString.copyFrom(new byte[] {(byte) 0xA0, 0x06, 0x01}))
                .toByteArray();
        Batch decoded = BatchCodec.decode(withUnknownField);
        assertArrayEquals(withUnknownField, decoded.encoded());
        assertNotEquals(Bundles.batch(1, 1), decoded);
    }
}
