package io.atlassmr.runtime.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.ordering.AwaitedVotes;
import io.atlassmr.protocol.replica.ReplicaProtocol;
import io.atlassmr.runtime.fixture.TestCluster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What replica 1 of four sleeps through. */
class QuietEventsTest {

    private static final long WALL_MILLIS = 1_000_000;

    private final Batch batch = TestCluster.batch(WALL_MILLIS, TestCluster.bundle(2, 1));
    private final ProtocolEvent proposal = said(0, new PrePrepare(0, 1, batch.digest()), batch);
    private final QuietEvents quiet = new QuietEvents();
    private final ReplicaProtocol replica = TestCluster.protocol(1, new Time(0, WALL_MILLIS));

    private static ProtocolEvent said(int signer, ProtocolMessage message, Batch body) {
        return new ProtocolEvent.MessageReceived(TestCluster.sign(signer, message), body);
    }

    private ProtocolEvent prepare(int signer) {
        return said(signer, new Prepare(0, 1, batch.digest()), null);
    }

    private ProtocolEvent commit(int signer) {
        return said(signer, new Commit(0, 1, batch.digest()), null);
    }

    private void step(ProtocolEvent event) {
        for (ProtocolEffect effect : replica.step(event, new Time(0, WALL_MILLIS))) {
            if (effect instanceof ProtocolEffect.Persist persist) {
                step(new ProtocolEvent.Durable(persist.ticket()));
            } else if (effect instanceof ProtocolEffect.Broadcast said && said.message() instanceof Prepare) {
                step(prepare(1));
            }
        }
    }

    private void sleep() {
        quiet.sleep(replica.awaitedVotes(), false);
    }

    @BeforeEach
    void start() {
        assertFalse(replica.start().isEmpty());
    }

    @Test
    void anIdleReplicaWakesForEverything() {
        sleep();
        assertNull(replica.awaitedVotes());
        assertFalse(quiet.isQuiet(proposal));
        assertFalse(quiet.isQuiet(prepare(2)));
    }

    @Test
    void aFollowerSleepsUntilItsOwnPrepareAndAnotherHaveCome() {
        assertFalse(replica.step(proposal, new Time(0, WALL_MILLIS)).isEmpty());
        assertEquals(new AwaitedVotes(1, 0, 1, batch.digest(), 2, 3), replica.awaitedVotes());
        sleep();
        assertTrue(quiet.isQuiet(prepare(2)));
        assertFalse(quiet.isQuiet(prepare(1)));
    }

    @Test
    void theLastPrepareIsKnownBeforeItIsCounted() {
        assertFalse(replica.step(proposal, new Time(0, WALL_MILLIS)).isEmpty());
        sleep();
        Signed<? extends ProtocolMessage> prepare = TestCluster.sign(2, new Prepare(0, 1, batch.digest()));
        assertFalse(quiet.completesPrepares(prepare));
        assertTrue(quiet.isQuiet(prepare(1)));
        assertTrue(quiet.completesPrepares(prepare));
        assertFalse(quiet.completesPrepares(TestCluster.sign(2, new Commit(0, 1, batch.digest()))));
    }

    @Test
    void commitsAreCountedApartAndMayComeFirst() {
        step(proposal);
        assertEquals(new AwaitedVotes(1, 0, 1, batch.digest(), 1, 3), replica.awaitedVotes());
        sleep();
        assertTrue(quiet.isQuiet(commit(0)));
        assertTrue(quiet.isQuiet(commit(2)));
        assertFalse(quiet.isQuiet(prepare(2)));
        assertFalse(quiet.isQuiet(commit(3)));
    }

    @Test
    void votesThatWereTakenAreNotAwaitedAgain() {
        step(proposal);
        step(prepare(2));
        step(commit(0));
        assertEquals(new AwaitedVotes(1, 0, 1, batch.digest(), 0, 2), replica.awaitedVotes());
        sleep();
        assertTrue(quiet.isQuiet(commit(1)));
        assertFalse(quiet.isQuiet(commit(2)));
    }

    @Test
    void aDecidedBatchAwaitsNothing() {
        step(proposal);
        step(prepare(2));
        for (int signer : new int[] {0, 1, 2}) {
            step(commit(signer));
        }
        assertEquals(1, replica.status().lastDecided());
        assertNull(replica.awaitedVotes());
    }

    @Test
    void votesForAnotherBatchPlaceOrViewWake() {
        step(proposal);
        sleep();
        assertFalse(quiet.isQuiet(said(2, new Prepare(0, 1, Batch.NOOP.digest()), null)));
        assertFalse(quiet.isQuiet(said(2, new Prepare(0, 2, batch.digest()), null)));
        assertFalse(quiet.isQuiet(said(2, new Prepare(1, 1, batch.digest()), null)));
        assertFalse(quiet.isQuiet(new ProtocolEvent.Tick()));
    }

    @Test
    void whereMoreThanOneBatchIsUnderWayEachVoteWakes() {
        step(proposal);
        Batch next = TestCluster.batch(WALL_MILLIS, TestCluster.bundle(2, 2));
        step(said(0, new PrePrepare(0, 2, next.digest()), next));
        assertNull(replica.awaitedVotes());
    }

    @Test
    void whatWasQuietWakesAReplicaThatIsAwake() {
        step(proposal);
        quiet.sleep(replica.awaitedVotes(), true);
        assertTrue(quiet.isExecutionQuiet());
        quiet.awake();
        assertFalse(quiet.isQuiet(commit(0)));
        assertFalse(quiet.isExecutionQuiet());
    }
}
