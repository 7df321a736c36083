package io.atlassmr.runtime.preprocessing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.evidence.EvidenceEvent;
import io.atlassmr.protocol.evidence.MisdeedKind;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.runtime.frame.StateTransferFrames;
import io.atlassmr.runtime.frame.StateTransferFrames.StateContent;
import io.atlassmr.runtime.frame.StateTransferFrames.StateRequest;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.wire.v1.ClientMessage;
import io.atlassmr.wire.v1.UnorderedRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PreProcessingTest {

    private static final byte[] GARBAGE = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF};
    private static final int LIAR = 3;
    private static final ClientId CLIENT = TestCluster.client(1);

    private final Arrivals arrivals = new Arrivals();
    private final RefusedFrames refused = new RefusedFrames();
    private final PreProcessing preProcessing =
            new PreProcessing(TestCluster.frames(), TestCluster.bundleVerifier(), refused, 2, 1);

    /** What passed, in order of arrival. */
    private static final class Arrivals implements PreProcessing.Sink {
        final BlockingQueue<Object> all = new LinkedBlockingQueue<>();
        volatile CountDownLatch gate = new CountDownLatch(0);
        volatile CountDownLatch requestsGate = new CountDownLatch(0);
        volatile RuntimeException failure;

        @Override
        public void onPeerEvent(ProtocolEvent event) throws InterruptedException {
            Await.open(event instanceof ProtocolEvent.BundleReceived ? requestsGate : gate);
            all.add(event);
        }

        @Override
        public void onStateRequest(int from, StateRequest request) {
            all.add(from + " asks " + request);
        }

        @Override
        public void onStateContent(int from, StateContent content) {
            all.add(from + " gives " + content);
        }

        @Override
        public void onBundle(ClientBundle bundle) {
            if (failure != null) {
                RuntimeException once = failure;
                failure = null;
                throw once;
            }
            all.add(bundle);
        }

        @Override
        public void onUnordered(ClientId clientId, long number, byte[] operation) {
            all.add(clientId + " reads " + number);
        }

        @Override
        public void onEpochsAsked(ClientId clientId, long fromEpoch) {
            all.add(clientId + " asks for epochs from " + fromEpoch);
        }

        @Override
        public boolean isLiar(int replicaId) {
            return replicaId == LIAR;
        }

        @Override
        public void onPeerConnected(int replicaId, boolean connected) {
            all.add(replicaId + (connected ? " up" : " down"));
        }
    }

    @BeforeEach
    void open() {
        preProcessing.open(arrivals);
    }

    @AfterEach
    void close() {
        preProcessing.close();
    }

    private static byte[] ordered(ClientBundle bundle) {
        return ClientMessage.newBuilder()
                .setOrdered(BatchCodec.toWire(bundle))
                .build()
                .toByteArray();
    }

    private static ClientBundle forged(ClientBundle bundle) {
        return new ClientBundle(
                bundle.digest(),
                bundle.clientId(),
                bundle.signedAtMillis(),
                bundle.answeredBelow(),
                bundle.requests(),
                bundle.payload(),
                new byte[64]);
    }

    private static byte[] vote(int signer, long sequenceNumber) {
        return PeerFrames.message(TestCluster.sign(signer, new Prepare(0, sequenceNumber, Batch.NOOP.digest())), null);
    }

    private void fromReplica(int replica, byte[] frame) {
        preProcessing.onReplicaFrame(replica, TrafficClass.PROTOCOL, frame);
    }

    /** Waits until everything the sender sent before has been looked at. */
    private void settle(int replica) throws InterruptedException {
        fromReplica(replica, vote(replica, 77));
        assertInstanceOf(ProtocolEvent.MessageReceived.class, Await.next(arrivals.all));
    }

    private void settleClient() throws InterruptedException {
        preProcessing.onClientFrame(CLIENT, ordered(TestCluster.bundle(1, 77)));
        assertEquals(TestCluster.bundle(1, 77), Await.next(arrivals.all));
    }

    @Test
    void ofALiarLittleIsHeard() {
        for (int i = 0; i < 3 * LiarLimit.FRAMES_PER_SECOND; i++) {
            fromReplica(LIAR, GARBAGE);
            fromReplica(1, GARBAGE);
        }
        assertTrue(refused.counts().getOrDefault("LIMITED", 0L) >= LiarLimit.FRAMES_PER_SECOND);
    }

    /** What is refused because a certificate in it is none accuses who signed it. */
    @Test
    void aRefusedMessageThatProvesSomethingIsTold() throws Exception {
        Certificate none = new Certificate(0, 1, Batch.NOOP.digest(), List.of());
        ViewChange viewChange = new ViewChange(1, 1, List.of(none), List.of());
        fromReplica(1, PeerFrames.message(TestCluster.sign(1, viewChange), null));
        ProtocolEvent.Evidence told = assertInstanceOf(ProtocolEvent.Evidence.class, Await.next(arrivals.all));
        EvidenceEvent.Found found = assertInstanceOf(EvidenceEvent.Found.class, told.event());
        assertEquals(1, found.proof().accused());
        assertEquals(MisdeedKind.INVALID_CERTIFICATE, found.proof().misdeed().kind());
    }

    /** Whoever fetches must not wait for the others' agreement. */
    @Test
    void whatIsFetchedPassesAgreementThatWaits() throws Exception {
        arrivals.gate = new CountDownLatch(1);
        for (int i = 0; i < 3; i++) {
            preProcessing.onReplicaFrame(1, TrafficClass.PROTOCOL, PeerFrames.memoryRequest(i, 1));
        }
        preProcessing.onReplicaFrame(1, TrafficClass.STATE_TRANSFER, StateTransferFrames.offerRequest());
        assertEquals("1 asks " + new StateTransferFrames.OfferRequest(), Await.next(arrivals.all));
        arrivals.gate.countDown();
    }

    @Test
    void aVotePassesRequestsThatThePeerForwarded() throws Exception {
        CountDownLatch requestsGate = new CountDownLatch(1);
        arrivals.requestsGate = requestsGate;
        for (int number = 1; number <= 100; number++) {
            byte[] frame =
                    PeerFrames.requests(List.of(TestCluster.bundle(1, number))).getFirst();
            preProcessing.onReplicaFrame(1, TrafficClass.APPLICATION, frame);
        }
        fromReplica(1, vote(1, 5));
        assertInstanceOf(ProtocolEvent.MessageReceived.class, Await.next(arrivals.all));
        requestsGate.countDown();
        assertInstanceOf(ProtocolEvent.BundleReceived.class, Await.next(arrivals.all));
    }

    @Test
    void aPeersMessagesPassInOrder() throws InterruptedException {
        for (int s = 1; s <= 50; s++) {
            fromReplica(2, vote(2, s));
        }
        for (int s = 1; s <= 50; s++) {
            ProtocolEvent.MessageReceived event =
                    assertInstanceOf(ProtocolEvent.MessageReceived.class, Await.next(arrivals.all));
            assertEquals(new Prepare(0, s, Batch.NOOP.digest()), event.signed().message());
        }
        assertEquals(Map.of(), refused.counts());
    }

    @Test
    void aClientsBundlesAndReadsPass() throws InterruptedException {
        preProcessing.onClientFrame(CLIENT, ordered(TestCluster.bundle(1, 1, 2)));
        assertEquals(TestCluster.bundle(1, 1, 2), Await.next(arrivals.all));
        byte[] read = ClientMessage.newBuilder()
                .setUnordered(UnorderedRequest.newBuilder().setNumber(7).setOperation(ByteString.copyFromUtf8("x")))
                .build()
                .toByteArray();
        preProcessing.onClientFrame(CLIENT, read);
        assertEquals(CLIENT + " reads 7", Await.next(arrivals.all));
    }

    @Test
    void anybodyMayPassOnABundleThatItsClientSigned() throws InterruptedException {
        preProcessing.onClientFrame(TestCluster.client(9), ordered(TestCluster.bundle(1, 1)));
        assertEquals(TestCluster.bundle(1, 1), Await.next(arrivals.all));
    }

    @Test
    void peersComeAndGo() throws InterruptedException {
        preProcessing.onReplicaUp(3);
        preProcessing.onReplicaDown(3);
        assertEquals("3 up", Await.next(arrivals.all));
        assertEquals("3 down", Await.next(arrivals.all));
    }

    @Test
    void aPeersBadFramesAreCountedByReason() throws InterruptedException {
        fromReplica(2, GARBAGE);
        fromReplica(2, new byte[0]);
        fromReplica(2, vote(3, 1));
        fromReplica(2, PeerFrames.message(TestCluster.sign(2, new PrePrepare(0, 1, Batch.NOOP.digest())), Batch.NOOP));
        fromReplica(
                0,
                PeerFrames.message(
                        TestCluster.sign(0, new PrePrepare(0, 1, Batch.NOOP.digest())),
                        TestCluster.batch(1, TestCluster.bundle(1, 1))));
        settle(2);
        settle(0);
        assertEquals(
                Map.of("MALFORMED", 2L, "BAD_SIGNATURE", 1L, "NOT_THE_LEADER", 1L, "BAD_BATCH", 1L), refused.counts());
    }

    @Test
    void aClientsBadFramesAreCountedByReason() throws InterruptedException {
        preProcessing.onClientFrame(CLIENT, GARBAGE);
        preProcessing.onClientFrame(CLIENT, new byte[0]);
        preProcessing.onClientFrame(CLIENT, ordered(forged(TestCluster.bundle(1, 1))));
        byte[] noBundle = ClientMessage.newBuilder()
                .setOrdered(io.atlassmr.wire.v1.SignedBundle.newBuilder().setPayload(ByteString.copyFrom(GARBAGE)))
                .build()
                .toByteArray();
        preProcessing.onClientFrame(CLIENT, noBundle);
        settleClient();
        assertEquals(Map.of("MALFORMED", 3L, "BAD_SIGNATURE", 1L), refused.counts());
    }

    @Test
    void aFrameThatBreaksSomethingIsDroppedAlone() throws InterruptedException {
        arrivals.failure = new IllegalStateException("broken on purpose");
        preProcessing.onClientFrame(CLIENT, ordered(TestCluster.bundle(1, 1)));
        settleClient();
        assertEquals(Map.of("MALFORMED", 1L), refused.counts());
    }

    @Test
    void peersThatSendFasterThanAgreementTakesAreBoundedAndClientsStillServed() throws InterruptedException {
        arrivals.gate = new CountDownLatch(1);
        byte[] frame = vote(2, 1);
        int sent = 0;
        while (!refused.counts().containsKey("NO_ROOM")) {
            fromReplica(2, frame);
            sent++;
        }
        assertEquals(1L, refused.counts().get("NO_ROOM"));
        settleClient();
        arrivals.gate.countDown();
        for (int i = 1; i < sent; i++) {
            assertInstanceOf(ProtocolEvent.MessageReceived.class, Await.next(arrivals.all));
        }
        assertEquals(0, preProcessing.depth());
    }
}
