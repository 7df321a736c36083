package io.atlassmr.runtime.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.ProtocolEvent.BundleReceived;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.transfer.StateTransferState;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replica 1 of four, on the test's thread. */
@Timeout(60)
class OrchestratorTest {

    private static final long WALL_MILLIS = 1_000_000;
    private static final int PROTOCOL_EVENTS_PER_ROUND = 64;
    private static final int REQUESTS_PER_ROUND = 16;
    private static final int REQUEST_CAPACITY = 8192;

    private final List<ProtocolEffect> effects = new ArrayList<>();
    private final List<Long> committedBefore = new ArrayList<>();
    private volatile long nowMillis = 0;
    private final Orchestrator orchestrator =
            new Orchestrator(TestCluster.protocol(1, time()), this::take, this::time, ReplicaMetrics.none());

    private Time time() {
        return new Time(nowMillis, WALL_MILLIS + nowMillis);
    }

    private void take(List<ProtocolEffect> some) {
        effects.addAll(some);
        committedBefore.add(orchestrator.status().lastCommitted());
    }

    @BeforeEach
    void start() {
        orchestrator.start();
        drain();
    }

    private void drain() {
        while (orchestrator.iterate()) {}
        effects.clear();
    }

    private static BundleReceived request(long number) {
        return BundleReceived.ofClient(TestCluster.bundle(1, number));
    }

    private static ProtocolEvent vote(int signer, long sequenceNumber) {
        return new ProtocolEvent.MessageReceived(
                TestCluster.sign(signer, new Prepare(0, sequenceNumber, Batch.NOOP.digest())), null);
    }

    private static ProtocolEvent proposal(long sequenceNumber) {
        Batch batch = TestCluster.batch(WALL_MILLIS, TestCluster.bundle(2, sequenceNumber));
        return new ProtocolEvent.MessageReceived(
                TestCluster.sign(0, new PrePrepare(0, sequenceNumber, batch.digest())), batch);
    }

    private long count(Class<? extends ProtocolEffect> kind) {
        return effects.stream().filter(kind::isInstance).count();
    }

    @Test
    void withNothingToDoNothingIsDone() {
        assertFalse(orchestrator.iterate());
        assertEquals(List.of(), effects);
    }

    @Test
    void agreementComesBeforeRequestsThatCameFirst() throws InterruptedException {
        assertTrue(orchestrator.onBundle(request(1)));
        orchestrator.onPeerEvent(proposal(1));
        assertTrue(orchestrator.iterate());
        assertEquals(1, count(ProtocolEffect.Persist.class));
        assertTrue(effects.getFirst() instanceof ProtocolEffect.Persist);
        assertTrue(effects.getLast() instanceof ProtocolEffect.Forward);
    }

    @Test
    void requestsWaitWhileAgreementHasWork() throws InterruptedException {
        assertTrue(orchestrator.onBundle(request(1)));
        for (int s = 1; s <= PROTOCOL_EVENTS_PER_ROUND + 1; s++) {
            orchestrator.onPeerEvent(vote(2, s));
        }
        assertTrue(orchestrator.iterate());
        assertEquals(0, count(ProtocolEffect.Forward.class));
        assertEquals(2, orchestrator.depth());
        assertTrue(orchestrator.iterate());
        assertEquals(1, count(ProtocolEffect.Forward.class));
        assertEquals(0, orchestrator.depth());
    }

    @Test
    void aRoundTakesAFewRequests() {
        for (int number = 1; number <= REQUESTS_PER_ROUND + 1; number++) {
            assertTrue(orchestrator.onBundle(request(number)));
        }
        assertTrue(orchestrator.iterate());
        assertEquals(REQUESTS_PER_ROUND, count(ProtocolEffect.Forward.class));
        assertTrue(orchestrator.iterate());
        assertEquals(REQUESTS_PER_ROUND + 1, count(ProtocolEffect.Forward.class));
    }

    @Test
    void aFullRequestChannelShedsAndCounts() throws InterruptedException {
        for (int number = 1; number <= REQUEST_CAPACITY; number++) {
            assertTrue(orchestrator.onBundle(request(number)));
        }
        assertFalse(orchestrator.onBundle(request(1)));
        orchestrator.onPeerEvent(new BundleReceived(TestCluster.bundle(1, 1), 1));
        assertEquals(2, orchestrator.shedRequests());
        orchestrator.onPeerEvent(proposal(1));
        assertTrue(orchestrator.iterate());
        assertEquals(1, count(ProtocolEffect.Persist.class));
    }

    @Test
    void aPeerWaitsWhileAgreementIsBehind() throws InterruptedException {
        for (int i = 0; i < 8192; i++) {
            orchestrator.onPeerEvent(vote(2, 1));
        }
        Thread peer = Thread.ofPlatform().start(() -> {
            try {
                orchestrator.onPeerEvent(vote(2, 2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Await.waiting(peer);
        assertTrue(orchestrator.iterate());
        Await.ended(peer);
    }

    @Test
    void decisionsOfPeersAreTakenOneAtATimeAndShedWhenThereAreTooMany() throws InterruptedException {
        for (int s = 1; s <= 20; s++) {
            orchestrator.onPeerEvent(
                    new ProtocolEvent.DecisionsReceived(2, List.of(TestCluster.decision(s, Batch.NOOP))));
        }
        assertTrue(orchestrator.iterate());
        assertEquals(1, count(ProtocolEffect.Deliver.class));
        for (int i = 0; i < 20; i++) {
            boolean _ = orchestrator.iterate();
        }
        assertEquals(16, count(ProtocolEffect.Deliver.class));
    }

    @Test
    void durableTicketsAreCoalesced() throws InterruptedException {
        orchestrator.onPeerEvent(proposal(1));
        orchestrator.onPeerEvent(proposal(2));
        assertTrue(orchestrator.iterate());
        effects.clear();
        orchestrator.onDurable(1);
        orchestrator.onDurable(2);
        int stepsBefore = committedBefore.size();
        assertTrue(orchestrator.iterate());
        assertEquals(stepsBefore + 1, committedBefore.size());
        assertEquals(2, count(ProtocolEffect.Broadcast.class));
        assertFalse(orchestrator.iterate());
    }

    @Test
    void executionIsCoalesced() throws InterruptedException {
        for (int s = 1; s <= 2; s++) {
            orchestrator.onPeerEvent(
                    new ProtocolEvent.DecisionsReceived(2, List.of(TestCluster.decision(s, Batch.NOOP))));
        }
        drain();
        orchestrator.onExecuted(1);
        orchestrator.onExecuted(2);
        assertTrue(orchestrator.iterate());
        assertEquals(2, orchestrator.status().lastExecuted());
        assertFalse(orchestrator.iterate());
    }

    @Test
    void timersFireWhenTheyAreDue() {
        assertFalse(orchestrator.iterate());
        nowMillis = 1000;
        assertTrue(orchestrator.iterate());
        assertEquals(1, count(ProtocolEffect.SendStatus.class));
        assertFalse(orchestrator.iterate());
    }

    @Test
    void theStatusIsKnownBeforeItsEffectsAreDone() throws InterruptedException {
        Batch batch = TestCluster.batch(WALL_MILLIS, TestCluster.bundle(2, 1));
        orchestrator.onPeerEvent(proposal(1));
        for (int signer : new int[] {0, 2, 3}) {
            orchestrator.onPeerEvent(new ProtocolEvent.MessageReceived(
                    TestCluster.sign(signer, new Prepare(0, 1, batch.digest())), null));
        }
        assertTrue(orchestrator.iterate());
        assertTrue(effects.getLast() instanceof ProtocolEffect.Persist);
        assertEquals(1, committedBefore.getLast());
    }

    @Test
    void phasesFollowTheProtocols() throws InterruptedException {
        assertEquals(new ExecutionPhase.Ordering(0), orchestrator.executionPhase());
        assertEquals(new TransferPhase.NotRunning(), orchestrator.transferPhase());
        for (int peer : new int[] {2, 3}) {
            orchestrator.onPeerEvent(
                    new ProtocolEvent.StatusReceived(peer, new PeerStatus(1, 0, 1000, false, 0, 1, 0, 0, 0, false)));
            orchestrator.onPeerEvent(
                    new ProtocolEvent.MessageReceived(TestCluster.sign(peer, new Suspect(0, false)), null));
        }
        drain();
        assertEquals(new ExecutionPhase.ViewTransfer(1), orchestrator.executionPhase());
        assertEquals(
                new TransferPhase.Running(
                        new StateTransferState.NotRunning(), new TransferPhase.LogTransferState(0, 1000)),
                orchestrator.transferPhase());
    }

    @Test
    void ownMessagesComeBackBeforePeers() throws InterruptedException {
        Batch batch = TestCluster.batch(WALL_MILLIS, TestCluster.bundle(2, 1));
        orchestrator.onPeerEvent(proposal(1));
        assertTrue(orchestrator.iterate());
        effects.clear();
        orchestrator.onPeerEvent(
                new ProtocolEvent.MessageReceived(TestCluster.sign(2, new Commit(0, 1, batch.digest())), null));
        orchestrator.onPeerEvent(
                new ProtocolEvent.MessageReceived(TestCluster.sign(3, new Commit(0, 1, batch.digest())), null));
        orchestrator.onOwnMessage(
                new ProtocolEvent.MessageReceived(TestCluster.sign(1, new Commit(0, 1, batch.digest())), null));
        int stepsBefore = committedBefore.size();
        assertTrue(orchestrator.iterate());
        assertEquals(List.of(0L, 0L, 1L), committedBefore.subList(stepsBefore, stepsBefore + 3));
        assertEquals(1, count(ProtocolEffect.Deliver.class));
    }

    @Test
    void leadershipIsHandedOverOnce() {
        for (int i = 0; i < 16; i++) {
            assertTrue(orchestrator.handOver());
        }
        assertFalse(orchestrator.handOver());
        assertTrue(orchestrator.iterate());
        assertTrue(orchestrator.handOver());
    }

    @Test
    void theSleeperWakesForEveryChannel() throws InterruptedException {
        List<Runnable> reasons = List.of(
                () -> assertTrue(orchestrator.onBundle(request(1))),
                () -> orchestrator.onDurable(orchestratorTicket()),
                () -> orchestrator.onPeerConnected(2, true),
                () -> assertTrue(orchestrator.handOver()),
                orchestrator::wake);
        orchestrator.onPeerEvent(proposal(1));
        drain();
        nowMillis = -3_600_000; // no timer is due for an hour
        for (Runnable reason : reasons) {
            Thread sleeper = Thread.ofPlatform().start(orchestrator::awaitWork);
            Await.waiting(sleeper);
            reason.run();
            Await.ended(sleeper);
            drain();
        }
    }

    private static long orchestratorTicket() {
        return 1;
    }
}
