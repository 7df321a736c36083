package io.atlassmr.runtime.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.checkpoint.CompactPage;
import io.atlassmr.protocol.checkpoint.Manifest;
import io.atlassmr.protocol.checkpoint.Part;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.transfer.CheckpointOffer;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.frame.StateTransferFrames.CompactPageContent;
import io.atlassmr.runtime.frame.StateTransferFrames.OfferRequest;
import io.atlassmr.runtime.frame.StateTransferFrames.PageContent;
import io.atlassmr.runtime.frame.StateTransferFrames.PagesRequest;
import io.atlassmr.runtime.frame.StateTransferFrames.PartContent;
import io.atlassmr.runtime.frame.StateTransferFrames.PartsContent;
import io.atlassmr.runtime.frame.StateTransferFrames.PartsRequest;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.wire.v1.PeerMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StateTransferFramesTest {

    private static final Digest DIGEST = Sha256.of(new byte[] {1});
    private static final Part PART = new Part(Part.Kind.APPLICATION, new byte[] {1}, 100, DIGEST, 2500);
    private static final CheckpointHeader HEADER =
            new Manifest(List.of()).header(100, 5000, DIGEST, TestCluster.reconfiguration());
    private static final Certificate CERTIFICATE = certificate(HEADER.digest(), 0, 1, 2);
    private static final Certificate DECIDED =
            TestCluster.decision(130, Batch.NOOP).certificate();

    private final PeerFrameReader frames = TestCluster.frames();

    private static Certificate certificate(Digest digest, int... signers) {
        CheckpointVote vote = new CheckpointVote(100, digest);
        List<VoteSignature> signatures = new ArrayList<>();
        for (int signer : signers) {
            signatures.add(
                    new VoteSignature(signer, TestCluster.sign(signer, vote).signature()));
        }
        return new Certificate(0, 100, digest, signatures);
    }

    private void assertOffered(CheckpointOffer offer, byte[] frame) throws Exception {
        PeerInput.Events events = assertInstanceOf(PeerInput.Events.class, frames.read(3, frame));
        assertEquals(
                List.of(new ProtocolEvent.Transfer(new StateTransferEvent.OfferReceived(3, offer))), events.events());
    }

    private void assertRejected(Reason reason, byte[] frame) {
        assertEquals(
                reason,
                assertThrows(RejectedMessageException.class, () -> frames.read(3, frame))
                        .reason());
    }

    private void assertMalformed(byte[] frame) {
        assertThrows(MalformedMessageException.class, () -> frames.read(3, frame));
    }

    @Test
    void anOfferIsReadWithItsProofs() throws Exception {
        assertOffered(
                new CheckpointOffer(CERTIFICATE, HEADER, DECIDED),
                StateTransferFrames.offer(CERTIFICATE, HEADER, DECIDED, 1));
        assertOffered(
                new CheckpointOffer(CERTIFICATE, HEADER, null),
                StateTransferFrames.offer(CERTIFICATE, HEADER, null, 1));
        assertOffered(new CheckpointOffer(null, null, DECIDED), StateTransferFrames.offer(null, null, DECIDED, 1));
        assertOffered(new CheckpointOffer(null, null, null), StateTransferFrames.offer(null, null, null, 1));
    }

    @Test
    void aCheckpointWithoutAQuorumIsNotBelieved() {
        assertRejected(
                Reason.BAD_CERTIFICATE, StateTransferFrames.offer(certificate(HEADER.digest(), 0, 1), HEADER, null, 1));
        assertRejected(
                Reason.BAD_CERTIFICATE,
                StateTransferFrames.offer(certificate(HEADER.digest(), 0, 1, 1), HEADER, null, 1));
        assertRejected(
                Reason.NOT_A_MEMBER, StateTransferFrames.offer(certificate(HEADER.digest(), 0, 1, 7), HEADER, null, 1));
    }

    @Test
    void aForgedCertificateIsNotBelieved() {
        Certificate forged = new Certificate(
                0, 100, HEADER.digest(), certificate(DIGEST, 0, 1, 2).signatures());
        assertRejected(Reason.BAD_SIGNATURE, StateTransferFrames.offer(forged, HEADER, null, 1));
    }

    @Test
    void commitsAreNoCheckpointAndACheckpointIsNoDecision() {
        Certificate commits = new Certificate(0, 100, HEADER.digest(), DECIDED.signatures());
        assertRejected(Reason.BAD_SIGNATURE, StateTransferFrames.offer(commits, HEADER, null, 1));
        assertRejected(Reason.BAD_SIGNATURE, StateTransferFrames.offer(null, null, CERTIFICATE, 1));
    }

    @Test
    void aHeaderThatNobodySignedIsNotBelieved() {
        CheckpointHeader other = new Manifest(List.of()).header(100, 5001, DIGEST, TestCluster.reconfiguration());
        assertRejected(Reason.BAD_PROOF, StateTransferFrames.offer(CERTIFICATE, other, null, 1));
        CheckpointHeader elsewhere = new Manifest(List.of()).header(101, 5000, DIGEST, TestCluster.reconfiguration());
        assertRejected(Reason.BAD_PROOF, StateTransferFrames.offer(CERTIFICATE, elsewhere, null, 1));
    }

    @Test
    void anUnprovenDecisionIsNotBelieved() {
        Certificate claimed = new Certificate(2, 1_000_000, DECIDED.digest(), DECIDED.signatures());
        assertRejected(Reason.BAD_SIGNATURE, StateTransferFrames.offer(CERTIFICATE, HEADER, claimed, 1));
        Certificate few =
                new Certificate(2, 130, DECIDED.digest(), DECIDED.signatures().subList(0, 2));
        assertRejected(Reason.BAD_CERTIFICATE, StateTransferFrames.offer(null, null, few, 1));
    }

    @Test
    void anOfferWithoutAHeaderIsMalformed() {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        frame.getStateTransferBuilder()
                .getCheckpointOfferBuilder()
                .setCertificate(io.atlassmr.protocol.message.agreement.ProtocolCodec.encode(CERTIFICATE));
        assertMalformed(frame.build().toByteArray());
    }

    @Test
    void requestsAreReadWithTheirSender() throws Exception {
        assertEquals(new PeerInput.Asked(3, new OfferRequest()), frames.read(3, StateTransferFrames.offerRequest()));
        assertEquals(
                new PeerInput.Asked(3, new PagesRequest(100, List.of(0, 7), 90)),
                frames.read(3, StateTransferFrames.pagesRequest(100, List.of(0, 7), 90)));
        assertEquals(
                new PeerInput.Asked(3, new PartsRequest(100, List.of(5, -1))),
                frames.read(3, StateTransferFrames.partsRequest(100, List.of(5, -1))));
    }

    @Test
    void aRequestIsForABoundedNumberOfItems() throws Exception {
        List<Integer> most = Collections.nCopies(256, 1);
        assertInstanceOf(PeerInput.Asked.class, frames.read(3, StateTransferFrames.partsRequest(100, most)));
        List<Integer> more = Collections.nCopies(257, 1);
        assertMalformed(StateTransferFrames.partsRequest(100, more));
        assertMalformed(StateTransferFrames.pagesRequest(100, more, 0));
    }

    @Test
    void aPageIsReadWithItsPath() throws Exception {
        PeerInput.Given given = assertInstanceOf(
                PeerInput.Given.class,
                frames.read(3, StateTransferFrames.page(100, 2, new byte[] {1, 2}, List.of(DIGEST, Digest.ZERO))));
        PageContent page = assertInstanceOf(PageContent.class, given.content());
        assertEquals(3, given.from());
        assertEquals(100, page.sequenceNumber());
        assertEquals(2, page.page());
        assertArrayEquals(new byte[] {1, 2}, page.content());
        assertEquals(List.of(DIGEST, Digest.ZERO), page.path());
    }

    @Test
    void aPageInShortIsReadWithItsPath() throws Exception {
        PeerInput.Given given = assertInstanceOf(
                PeerInput.Given.class,
                frames.read(
                        3,
                        StateTransferFrames.page(
                                100, 2, new CompactPage(new byte[12], List.of(1), List.of(PART)), List.of(DIGEST))));
        CompactPageContent page = assertInstanceOf(CompactPageContent.class, given.content());
        assertEquals(2, page.page());
        assertArrayEquals(new byte[12], page.content().known());
        assertEquals(List.of(1), page.content().changedAt());
        assertEquals(List.of(PART), page.content().changed());
        assertEquals(List.of(DIGEST), page.path());
        assertMalformed(StateTransferFrames.page(
                100, 2, new CompactPage(new byte[11], List.of(1), List.of(PART)), List.of(DIGEST)));
    }

    @Test
    void aPathHasABoundedLength() throws Exception {
        List<Digest> most = Collections.nCopies(32, DIGEST);
        assertInstanceOf(PeerInput.Given.class, frames.read(3, StateTransferFrames.page(100, 0, new byte[0], most)));
        assertMalformed(StateTransferFrames.page(100, 0, new byte[0], Collections.nCopies(33, DIGEST)));
    }

    @Test
    void aPathIsOfDigests() {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        frame.getStateTransferBuilder()
                .getManifestAnswerBuilder()
                .addPath(com.google.protobuf.ByteString.copyFrom(new byte[31]));
        assertMalformed(frame.build().toByteArray());
    }

    @Test
    void partsAreReadUnchecked() throws Exception {
        byte[] frame = StateTransferFrames.parts(
                100, List.of(new PartContent(7, new byte[] {9}), new PartContent(8, new byte[] {1, 2})));
        PeerInput.Given given = assertInstanceOf(PeerInput.Given.class, frames.read(3, frame));
        PartsContent content = assertInstanceOf(PartsContent.class, given.content());
        assertEquals(100, content.sequenceNumber());
        assertEquals(3, content.sizeBytes());
        assertEquals(
                List.of(7, 8), content.parts().stream().map(PartContent::index).toList());
        assertArrayEquals(new byte[] {9}, content.parts().getFirst().content());
    }

    @Test
    void anAnswerOfTooManyPartsIsRefused() {
        PartContent part = new PartContent(7, new byte[] {9});
        assertMalformed(StateTransferFrames.parts(100, Collections.nCopies(257, part)));
    }

    @Test
    void thatACheckpointIsNotKeptIsRead() throws Exception {
        PeerInput.Events events =
                assertInstanceOf(PeerInput.Events.class, frames.read(3, StateTransferFrames.notKept(100)));
        assertEquals(List.of(new ProtocolEvent.Transfer(new StateTransferEvent.NotKept(3, 100))), events.events());
    }

    @Test
    void aStateTransferSaysSomething() {
        assertMalformed(PeerMessage.newBuilder()
                .setStateTransfer(io.atlassmr.wire.v1.StateTransfer.newBuilder())
                .build()
                .toByteArray());
    }

    @Test
    void theLargestPartAndTheLargestPageFitTheirClass() {
        byte[] part = StateTransferFrames.parts(
                Long.MAX_VALUE, List.of(new PartContent(1 << 30, new byte[DivisibleState.MAX_PART_BYTES])));
        assertTrue(part.length <= TrafficClass.STATE_TRANSFER.maxFrameBytes(), part.length + " bytes");
        byte[] id = new byte[DivisibleState.MAX_PART_ID_BYTES];
        List<Part> parts = Collections.nCopies(
                Manifest.PARTS_PER_PAGE,
                new Part(Part.Kind.APPLICATION, id, Long.MAX_VALUE, DIGEST, DivisibleState.MAX_PART_BYTES));
        byte[] page = StateTransferFrames.page(
                Long.MAX_VALUE, 4095, new Manifest(parts).page(0), Collections.nCopies(12, DIGEST));
        assertTrue(page.length <= TrafficClass.STATE_TRANSFER.maxFrameBytes(), page.length + " bytes");
    }

    @Provide
    static Arbitrary<byte[]> goodFrames() {
        return Arbitraries.of(
                StateTransferFrames.offer(CERTIFICATE, HEADER, DECIDED, 1),
                StateTransferFrames.offerRequest(),
                StateTransferFrames.pagesRequest(100, List.of(0, 1, 2), 50),
                StateTransferFrames.partsRequest(100, List.of(0, 1, 2)),
                StateTransferFrames.page(100, 0, new byte[] {1, 2, 3}, List.of(DIGEST, DIGEST)),
                StateTransferFrames.page(
                        100, 0, new CompactPage(new byte[12], List.of(1), List.of(PART)), List.of(DIGEST)),
                StateTransferFrames.parts(100, List.of(new PartContent(0, new byte[] {1, 2, 3}))),
                StateTransferFrames.notKept(100));
    }

    @Property(tries = 10_000)
    void damagedFramesAreRefusedOrOfferWhatWasSigned(@ForAll("goodFrames") byte[] good, @ForAll long seed)
            throws RejectedMessageException {
        byte[] frame = good.clone();
        Random random = new Random(seed);
        for (int i = random.nextInt(3); i >= 0; i--) {
            frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
        PeerInput input;
        try {
            input = frames.read(3, frame);
        } catch (MalformedMessageException | RejectedMessageException _) {
            return;
        }
        if (input instanceof PeerInput.Events(var events)
                && !events.isEmpty()
                && events.getFirst() instanceof ProtocolEvent.Transfer(var event)
                && event instanceof StateTransferEvent.OfferReceived(int _, CheckpointOffer offer)) {
            if (offer.certificate() != null) {
                assertEquals(100, offer.checkpointSequenceNumber());
                assertEquals(HEADER, offer.header());
            }
            assertTrue(offer.lastDecided() == null || offer.lastDecided().sequenceNumber() == 130);
        }
    }
}
