package io.atlassmr.runtime.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.peer.PeerMemory;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.verify.CommandVerifier;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import io.atlassmr.runtime.fixture.KeyedDigest;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.port.TrafficClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PeerFramesTest {

    private static final PeerStatus STATUS = new PeerStatus(1, 4, 5, true, 3, 2, 7, 6, 8, true);
    private static final Batch BATCH = TestCluster.batch(1000, TestCluster.bundle(1, 1, 2), TestCluster.bundle(2, 1));
    private static final Digest DIGEST = BATCH.digest();
    private static final Signed<PrePrepare> PROPOSAL = TestCluster.sign(1, new PrePrepare(1, 5, DIGEST));
    private static final Signed<Prepare> PREPARE = TestCluster.sign(1, new Prepare(1, 5, DIGEST));
    private static final Signed<Commit> COMMIT = TestCluster.sign(2, new Commit(1, 5, DIGEST));

    private final PeerFrameReader frames = TestCluster.frames();

    private static ProtocolEvent received(Signed<?> signed, Batch batch) {
        return new ProtocolEvent.MessageReceived(signed, batch);
    }

    private static Signed<NewView> newView() {
        List<Signed<ViewChange>> changes = new ArrayList<>();
        for (int signer = 0; signer < 3; signer++) {
            changes.add(TestCluster.sign(signer, new ViewChange(1, 0, List.of(), List.of())));
        }
        return TestCluster.sign(1, new NewView(1, changes));
    }

    private void assertRejected(Reason reason, int from, byte[] frame) {
        assertEquals(
                reason,
                assertThrows(RejectedMessageException.class, () -> frames.read(from, frame))
                        .reason());
    }

    private void assertMalformed(byte[] frame) {
        assertThrows(MalformedMessageException.class, () -> frames.read(1, frame));
    }

    @Test
    void aMembersOwnMessageIsRead() throws Exception {
        assertEquals(List.of(received(PREPARE, null)), read(1, PeerFrames.message(PREPARE, null)));
        assertEquals(List.of(received(PROPOSAL, BATCH)), read(1, PeerFrames.message(PROPOSAL, BATCH)));
        assertEquals(List.of(received(newView(), null)), read(1, PeerFrames.message(newView(), null)));
    }

    @Test
    void itComesFromTheMemberItself() {
        assertRejected(Reason.BAD_SIGNATURE, 2, PeerFrames.message(PREPARE, null));
    }

    @Test
    void aProposalHasItsBatchBesideIt() {
        assertRejected(Reason.BAD_BATCH, 1, PeerFrames.message(PROPOSAL, Batch.NOOP));
        assertRejected(Reason.BAD_BATCH, 1, PeerFrames.message(PROPOSAL, null));
    }

    @Test
    void messagesOfOthersAndBodiesMayBeForwarded() throws Exception {
        List<ProtocolEvent> events = new ArrayList<>();
        for (byte[] frame : PeerFrames.forwardedInParts(List.of(PREPARE, COMMIT), List.of(BATCH))) {
            events.addAll(read(3, frame));
        }
        assertEquals(
                List.of(received(PREPARE, null), received(COMMIT, null), new ProtocolEvent.BatchReceived(BATCH)),
                events);
    }

    @Test
    void forwardedMessagesAreCheckedLikeOthers() {
        Signed<Prepare> forged = new Signed<>(PREPARE.message(), 2, 1, PREPARE.signature());
        for (byte[] frame : PeerFrames.forwardedInParts(List.of(PREPARE, forged), List.of())) {
            assertRejected(Reason.BAD_SIGNATURE, 3, frame);
        }
    }

    @Test
    void forwardedBodiesAreSplitIntoFramesOfTheirClass() throws Exception {
        List<Batch> bodies = new ArrayList<>();
        for (int number = 1; number <= 5; number++) {
            bodies.add(TestCluster.batch(1000, TestCluster.bundleOfSize(1, number, 4_000_000)));
        }
        List<ProtocolEvent> events = new ArrayList<>();
        for (byte[] frame : PeerFrames.forwardedInParts(List.of(PREPARE), bodies)) {
            assertTrue(frame.length <= TrafficClass.PROTOCOL.maxFrameBytes(), frame.length + " bytes");
            events.addAll(read(3, frame));
        }
        List<ProtocolEvent> expected = new ArrayList<>();
        expected.add(received(PREPARE, null));
        bodies.forEach(body -> expected.add(new ProtocolEvent.BatchReceived(body)));
        assertEquals(expected, events);
    }

    @Test
    void forwardedRequestsAreSplitIntoFramesOfTheirClass() throws Exception {
        List<ClientBundle> bundles = new ArrayList<>();
        for (int number = 1; number <= 5; number++) {
            bundles.add(TestCluster.bundleOfSize(1, number, 4_000_000));
        }
        List<ProtocolEvent> events = new ArrayList<>();
        for (byte[] frame : PeerFrames.requests(bundles)) {
            assertTrue(frame.length <= TrafficClass.APPLICATION.maxFrameBytes(), frame.length + " bytes");
            events.addAll(read(3, frame));
        }
        assertEquals(
                bundles.stream()
                        .map(bundle -> new ProtocolEvent.BundleReceived(bundle, 3))
                        .toList(),
                events);
    }

    @Test
    void aForwardedBundleIsSignedByItsClient() {
        ClientBundle good = TestCluster.bundle(1, 1);
        ClientBundle forged = new ClientBundle(
                good.digest(),
                good.clientId(),
                good.signedAtMillis(),
                good.answeredBelow(),
                good.requests(),
                good.payload(),
                new byte[64]);
        assertRejected(Reason.BAD_BATCH, 3, PeerFrames.requests(List.of(forged)).getFirst());
    }

    @Test
    void decisionsAreReadWithTheirProof() throws Exception {
        List<Decision> decisions = List.of(TestCluster.decision(1, Batch.NOOP), TestCluster.decision(2, BATCH));
        assertEquals(
                List.of(new ProtocolEvent.DecisionsReceived(3, decisions)),
                read(3, PeerFrames.decisions(decisions, 1)));
        Decision forged = new Decision(TestCluster.decision(1, BATCH).certificate(), Batch.NOOP);
        assertRejected(Reason.BAD_BATCH, 3, PeerFrames.decisions(List.of(forged), 1));
    }

    @Test
    void questionsAndReportsAreTheSenders() throws Exception {
        assertEquals(List.of(new ProtocolEvent.StatusReceived(3, STATUS)), read(3, PeerFrames.status(STATUS)));
        assertEquals(
                List.of(new ProtocolEvent.InstancesRequested(3, 4, 5, 6)),
                read(3, PeerFrames.instanceRequest(4, 5, 6)));
        assertEquals(
                List.of(new ProtocolEvent.DecisionsRequested(3, 5, 6)), read(3, PeerFrames.decisionsRequest(5, 6)));
    }

    @Test
    void whatIsRememberedIsReadWithItsProof() throws Exception {
        assertEquals(List.of(new ProtocolEvent.MemoryAsked(3, 77, 1)), read(3, PeerFrames.memoryRequest(77, 1)));
        Certificate decision = TestCluster.decision(9, BATCH).certificate();
        for (PeerMemory memory : List.of(
                new PeerMemory(77, 4, null, null), new PeerMemory(77, 4, decision, TestCluster.checkpoint(5)))) {
            assertEquals(
                    List.of(new ProtocolEvent.MemoryTold(3, memory)),
                    read(3, PeerFrames.memory(memory, TestCluster.EPOCH)));
        }
    }

    @Test
    void whatIsRememberedWithoutProofIsRejected() {
        Certificate decision = TestCluster.decision(9, BATCH).certificate();
        Certificate elsewhere = new Certificate(0, 10, decision.digest(), decision.signatures());
        assertRejected(
                Reason.BAD_SIGNATURE, 3, PeerFrames.memory(new PeerMemory(77, 4, elsewhere, null), TestCluster.EPOCH));
        assertRejected(
                Reason.BAD_SIGNATURE, 3, PeerFrames.memory(new PeerMemory(77, 4, null, decision), TestCluster.EPOCH));
    }

    @Test
    void nobodyRemembersAViewThatCannotBe() {
        assertMalformed(PeerFrames.memory(new PeerMemory(77, -1, null, null), TestCluster.EPOCH));
    }

    @Test
    void whatIsOfAnEpochThatIsNotKnownIsRejected() {
        assertRejected(Reason.WRONG_EPOCH, 3, PeerFrames.memory(new PeerMemory(77, 4, null, null), 2));
        assertRejected(Reason.WRONG_EPOCH, 3, PeerFrames.decisions(List.of(TestCluster.decision(2, BATCH)), 2));
    }

    @Test
    void commandsAreReadWithTheirSignatures() throws Exception {
        byte[] payload = CommandCodec.payload(PublicKey.of(TestCluster.replicaKey(2)), 1, 1, new Command.Leave(2));
        byte[] statement = CommandVerifier.statement("tests", payload);
        SignedCommand command = CommandCodec.decode(io.atlassmr.wire.v1.SignedCommand.newBuilder()
                .setPayload(ByteString.copyFrom(payload))
                .setSignature(ByteString.copyFrom(KeyedDigest.sign(TestCluster.replicaKey(2), statement)))
                .build());
        assertEquals(
                List.of(new ProtocolEvent.CommandReceived(command, true)),
                read(3, PeerFrames.commands(List.of(command))));
        SignedCommand forged = CommandCodec.decode(io.atlassmr.wire.v1.SignedCommand.newBuilder()
                .setPayload(ByteString.copyFrom(payload))
                .setSignature(ByteString.copyFrom(KeyedDigest.sign(TestCluster.replicaKey(1), statement)))
                .build());
        assertRejected(Reason.BAD_BATCH, 3, PeerFrames.commands(List.of(forged)));
    }

    @Test
    void epochsAreReadWithTheirProof() throws Exception {
        assertEquals(List.of(new ProtocolEvent.EpochsRequested(3, 2)), read(3, PeerFrames.epochsRequest(2)));
        Epoch second =
                new Epoch(Membership.of("tests", 2, TestCluster.membership().members()), 50);
        Batch last = BatchCodec.encodeLast(1000, second);
        List<Decision> decisions = List.of(TestCluster.decision(50, last));
        assertEquals(List.of(new ProtocolEvent.EpochsReceived(3, decisions)), read(3, PeerFrames.epochs(decisions)));
        assertRejected(Reason.BAD_PROOF, 3, PeerFrames.epochs(List.of(TestCluster.decision(51, last))));
        assertRejected(Reason.BAD_PROOF, 3, PeerFrames.epochs(List.of(TestCluster.decision(50, BATCH))));
    }

    @Test
    void aFrameEndsWhereItsMessageDoes() throws Exception {
        byte[] frame = PeerFrames.message(PREPARE, null);
        assertMalformed(java.util.Arrays.copyOf(frame, frame.length - 1));
        assertMalformed(java.util.Arrays.copyOf(frame, frame.length + 1));
        byte[] ended = java.util.Arrays.copyOf(frame, frame.length + 1);
        int endOfGroup = 1 << 3 | 4;
        ended[frame.length] = (byte) endOfGroup;
        assertMalformed(ended);
    }

    @Test
    void aFrameSaysSomething() {
        assertMalformed(new byte[0]);
        assertMalformed(io.atlassmr.wire.v1.PeerMessage.newBuilder()
                .setLogTransfer(io.atlassmr.wire.v1.LogTransfer.newBuilder())
                .build()
                .toByteArray());
        assertMalformed(new byte[] {1, 2, 3});
    }

    @Provide
    static Arbitrary<byte[]> goodFrames() {
        List<byte[]> good = new ArrayList<>(List.of(
                PeerFrames.message(PREPARE, null),
                PeerFrames.message(PROPOSAL, BATCH),
                PeerFrames.message(newView(), null),
                PeerFrames.message(TestCluster.sign(1, new Suspect(0, false)), null),
                PeerFrames.decisions(List.of(TestCluster.decision(2, BATCH)), 1),
                PeerFrames.status(STATUS),
                PeerFrames.instanceRequest(1, 2, 3),
                PeerFrames.decisionsRequest(1, 2)));
        good.addAll(PeerFrames.forwardedInParts(List.of(PREPARE, COMMIT), List.of(BATCH)));
        good.addAll(PeerFrames.requests(List.of(TestCluster.bundle(1, 1), TestCluster.bundle(2, 1))));
        return Arbitraries.of(good);
    }

    /** Whoever can send frames can neither break a thread nor be believed for what was not signed. */
    @Property(tries = 10_000)
    void damagedFramesAreRefusedOrSayWhatWasSigned(@ForAll("goodFrames") byte[] good, @ForAll long seed) {
        byte[] frame = good.clone();
        Random random = new Random(seed);
        for (int i = random.nextInt(3); i >= 0; i--) {
            frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
        readAnything(frame);
    }

    @Property(tries = 10_000)
    void noBytesBreakTheReader(@ForAll byte[] frame) {
        readAnything(frame);
    }

    private void readAnything(byte[] frame) {
        try {
            for (ProtocolEvent event : read(1, frame)) {
                if (event instanceof ProtocolEvent.MessageReceived message) {
                    Signed<?> signed = message.signed();
                    assertEquals(TestCluster.sign(signed.signer(), signed.message()), signed);
                }
            }
        } catch (MalformedMessageException | RejectedMessageException _) {
            // Refused, as it should be.
        }
    }

    private List<ProtocolEvent> read(int from, byte[] frame)
            throws MalformedMessageException, RejectedMessageException {
        return frames.read(from, frame) instanceof PeerInput.Events(var events) ? events : List.of();
    }
}
