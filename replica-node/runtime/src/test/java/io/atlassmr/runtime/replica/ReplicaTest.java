package io.atlassmr.runtime.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot.Lifecycle;
import io.atlassmr.wire.v1.ReplyStatus;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replicas that run, stop, drain and come back. */
@Timeout(120)
class ReplicaTest extends ReplicaScene {

    @Test
    void fourReplicasAnswerWithOneVoice() throws Exception {
        startAll();
        order(1, 0);
        assertEquals("1", awaitAnswer(1, 4));
        order(2, 3);
        assertEquals("2", awaitAnswer(2, 4));
        TreeSet<String> digests = new TreeSet<>();
        for (Replica replica : replicas.values()) {
            ReplicaSnapshot snapshot = replica.snapshot();
            assertEquals(Lifecycle.RUNNING, snapshot.lifecycle());
            assertEquals(2, snapshot.executedSequenceNumber());
            digests.add(snapshot.stateDigest().toHex());
        }
        assertEquals(1, digests.size());
    }

    @Test
    void aLeaderThatStopsHandsOverFirst() throws Exception {
        startAll();
        order(1, 0);
        assertEquals("1", awaitAnswer(1, 4));
        Replica leader = replicas.get(0);
        leader.close();
        assertEquals(Lifecycle.STOPPED, leader.snapshot().lifecycle());
        leader.close();
        awaitEvent("1 in view 1");
        order(2, 1);
        assertEquals("2", awaitAnswer(2, 3));
    }

    @Test
    void aReplicaThatDrainsLeadsAndServesNobodyAndVotesOn() throws Exception {
        startAll();
        order(1, 0);
        assertEquals("1", awaitAnswer(1, 4));
        Replica leader = replicas.get(0);
        assertTrue(leader.drain());
        assertTrue(leader.drain());
        assertEquals(Lifecycle.DRAINING, leader.snapshot().lifecycle());
        assertFalse(leader.snapshot().ready());
        awaitEvent("0 in view 1");
        order(2, 0);
        assertEquals(ReplyStatus.UNAVAILABLE, awaitRefusal(2));
        replicas.get(3).close();
        order(2, 1);
        assertEquals("2", awaitAnswer(2, 3));

        assertTrue(leader.resume());
        assertTrue(leader.resume());
        assertEquals(Lifecycle.RUNNING, leader.snapshot().lifecycle());
        order(3, 0);
        assertEquals("3", awaitAnswer(3, 3));
    }

    @Test
    void aReplicaThatDrainsStopsInGoodOrderAndDoesNotResume() throws Exception {
        startAll();
        Replica replica = replicas.get(2);
        assertTrue(replica.drain());
        replica.close();
        assertEquals(Lifecycle.STOPPED, replica.snapshot().lifecycle());
        assertFalse(replica.resume());
        assertFalse(replica.drain());
        assertEquals(Lifecycle.STOPPED, replica.snapshot().lifecycle());
    }

    @Test
    void aReplicaThatComesBackExecutesItsLogAndCatchesUp() throws Exception {
        startAll();
        order(1, 0);
        assertEquals("1", awaitAnswer(1, 4));
        replicas.get(3).close();
        order(2, 0);
        assertEquals("2", awaitAnswer(2, 3));
        Replica back = start(3);
        assertTrue(back.snapshot().executedSequenceNumber() >= 1);
        awaitEvent("3 executed 2");
        assertEquals(
                replicas.get(0).snapshot().stateDigest(),
                replicas.get(3).snapshot().stateDigest());
        order(1, 3);
        assertEquals("1", awaitAnswer(1, 1));
    }

    @Test
    void anErrorOfTheApplicationFailsTheReplicaOnce() throws Exception {
        startAll();
        order(666, 0);
        Throwable reason = Await.next(fatal);
        assertEquals("on purpose", reason.getMessage());
        for (int i = 1; i < 4; i++) {
            Throwable other = Await.next(fatal);
            assertEquals("on purpose", other.getMessage());
        }
        for (Replica replica : replicas.values()) {
            assertEquals(Lifecycle.FAILED, replica.snapshot().lifecycle());
            replica.close();
            assertEquals(Lifecycle.FAILED, replica.snapshot().lifecycle());
        }
        assertTrue(fatal.isEmpty());
    }
}
