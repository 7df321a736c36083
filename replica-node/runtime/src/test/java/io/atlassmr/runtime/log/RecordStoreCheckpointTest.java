package io.atlassmr.runtime.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.LogRecord.AbstentionRecord;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the log forgets for a checkpoint, where a start begins from one, and when it finds its votes lost. */
class RecordStoreCheckpointTest {

    private static final int WINDOW = 4;

    private final InMemoryPersistentLog log = new InMemoryPersistentLog();
    private RecordStore store = open(true);

    private RecordStore open(boolean genesis) {
        try {
            return new RecordStore(log, "shop", 2, genesis);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Certificate certificate(long sequenceNumber, Digest digest) {
        return new Certificate(
                0,
                sequenceNumber,
                digest,
                List.of(
                        new VoteSignature(0, new byte[] {1}),
                        new VoteSignature(1, new byte[] {2}),
                        new VoteSignature(3, new byte[] {3})));
    }

    private static Certificate checkpoint(long sequenceNumber) {
        return certificate(sequenceNumber, Digest.ZERO);
    }

    private static Certificate decided(long sequenceNumber) {
        return certificate(sequenceNumber, Batch.NOOP.digest());
    }

    private void decide(long from, long to) throws IOException {
        for (long s = from; s <= to; s++) {
            store.write(List.of(
                    new LogRecord.PrepareRecord(0, s, Batch.NOOP, null),
                    new LogRecord.CommitRecord(decided(s), Batch.NOOP),
                    new LogRecord.DecisionRecord(decided(s), Batch.NOOP)));
        }
    }

    private void stable(long sequenceNumber, long pruneUpTo) throws IOException {
        store.write(List.of(new LogRecord.CheckpointRecord(checkpoint(sequenceNumber), pruneUpTo)));
    }

    private OrderingState restarted(Certificate checkpoint) throws IOException {
        store = open(false);
        return store.load(WINDOW, checkpoint);
    }

    private static List<Long> places(OrderingState state) {
        return state.recentDecisions().stream().map(Decision::sequenceNumber).toList();
    }

    @Test
    void aCheckpointPrunesDecisionsBatchesAndVotes() throws IOException {
        decide(1, 30);
        stable(10, 0);
        stable(20, 10);
        assertEquals(10, store.prunedUpTo());
        assertNull(store.decision(10));
        assertNotNull(store.decision(11));
        assertEquals(20, log.family(RecordFamily.DECISIONS).size());
        assertEquals(22L, log.family(RecordFamily.BATCHES).firstKey());
        assertEquals(22L, log.family(RecordFamily.VOTES).firstKey());
    }

    @Test
    void theLogStaysAsLongAsTheRetainedCheckpointsReach() throws IOException {
        for (long s = 10; s <= 2000; s += 10) {
            decide(s - 9, s);
            stable(s, Math.max(0, s - 10));
            assertTrue(log.family(RecordFamily.DECISIONS).size() <= 20);
            assertTrue(log.family(RecordFamily.BATCHES).size() <= 20);
            assertTrue(log.family(RecordFamily.VOTES).size() <= 40);
            assertTrue(log.family(RecordFamily.CHECKPOINTS).size() <= 2);
        }
    }

    @Test
    void theCertificatesOfRetainedCheckpointsAreReadBackNewestFirst() throws IOException {
        stable(10, 0);
        stable(20, 10);
        assertEquals(List.of(checkpoint(20), checkpoint(10)), store.checkpoints());
        stable(30, 20);
        assertEquals(List.of(checkpoint(30), checkpoint(20)), store.checkpoints());
    }

    @Test
    void aDamagedCertificateIsLeftOut() throws IOException {
        stable(10, 0);
        stable(20, 10);
        byte[] damaged = log.read(RecordFamily.CHECKPOINTS, 20).clone();
        damaged[damaged.length - 1] ^= 1;
        log.family(RecordFamily.CHECKPOINTS).put(20L, damaged);
        assertEquals(List.of(checkpoint(10)), store.checkpoints());
    }

    @Test
    void aStartBeginsFromTheCheckpoint() throws IOException {
        decide(1, 22);
        stable(10, 0);
        stable(20, 10);
        OrderingState state = restarted(checkpoint(20));
        assertEquals(checkpoint(20), state.checkpoint());
        assertEquals(22, state.lastDecided());
        assertEquals(11, state.firstAvailable());
        assertEquals(List.of(19L, 20L, 21L, 22L), places(state));
        assertEquals(AbstentionRecord.NONE, state.abstention());
    }

    @Test
    void aFetchedCheckpointWithNothingAboveItIsAllThereIs() throws IOException {
        decide(1, 5);
        stable(900, 900);
        OrderingState state = restarted(checkpoint(900));
        assertEquals(900, state.lastDecided());
        assertEquals(901, state.firstAvailable());
        assertEquals(List.of(), places(state));
        assertEquals(AbstentionRecord.NONE, state.abstention());
    }

    @Test
    void onlyDecisionsAboveAFetchedCheckpointAreGiven() throws IOException {
        stable(900, 900);
        decide(901, 902);
        OrderingState state = restarted(checkpoint(900));
        assertEquals(902, state.lastDecided());
        assertEquals(List.of(901L, 902L), places(state));
    }

    @Test
    void anOlderCheckpointServesAsLongAsTheLogReachesDownToIt() throws IOException {
        decide(1, 22);
        stable(10, 0);
        stable(20, 10);
        OrderingState state = restarted(checkpoint(10));
        assertEquals(22, state.lastDecided());
        assertEquals(AbstentionRecord.NONE, state.abstention());
        assertEquals(List.of(19L, 20L, 21L, 22L), places(state));
    }

    @Test
    void withoutACheckpointAtWhatIsPrunedTheVotesBelowAreLost() throws IOException {
        decide(1, 22);
        stable(10, 0);
        stable(20, 10);
        OrderingState state = restarted(null);
        assertEquals(AbstentionRecord.UNKNOWN, state.abstention());
        assertEquals(0, state.lastDecided());
        assertEquals(List.of(), places(state));
        assertNull(state.checkpoint());
    }

    @Test
    void votesAboveTheCheckpointAreKept() throws IOException {
        decide(1, 20);
        LogRecord.PrepareRecord vote = new LogRecord.PrepareRecord(3, 21, Batch.NOOP, null);
        store.write(List.of(vote));
        stable(20, 20);
        assertEquals(List.of(vote), restarted(checkpoint(20)).prepares());
    }

    @Test
    void aNewReplicasEmptyLogAbstainsFromNothing() throws IOException {
        OrderingState state = store.load(WINDOW, null);
        assertEquals(AbstentionRecord.NONE, state.abstention());
        assertFalse(state.restarted());
    }

    @Test
    void anEmptyLogWithoutTheMarkIsALostOne() throws IOException {
        log.family(RecordFamily.META).clear();
        store = open(false);
        OrderingState state = store.load(WINDOW, null);
        assertEquals(AbstentionRecord.UNKNOWN, state.abstention());
        assertTrue(state.restarted());
    }

    @Test
    void thatVotesWereLostIsRememberedBeforeAnythingElse() throws IOException {
        log.family(RecordFamily.META).clear();
        int syncs = log.syncs();
        store = open(false);
        assertEquals(syncs + 1, log.syncs());
        assertEquals(AbstentionRecord.UNKNOWN, restarted(null).abstention());
    }

    @Test
    void aMarkThatWasLeftBehindDoesNotEndAnAbstention() throws IOException {
        log.family(RecordFamily.META).clear();
        store = open(false);
        store = open(true);
        assertEquals(AbstentionRecord.UNKNOWN, store.load(WINDOW, null).abstention());
    }

    @Test
    void theBoundsOfAnAbstentionAndItsEndAreRemembered() throws IOException {
        AbstentionRecord bounds = new AbstentionRecord(164, 3);
        store.write(List.of(bounds));
        assertEquals(bounds, restarted(null).abstention());
        store.write(List.of(AbstentionRecord.NONE));
        assertEquals(AbstentionRecord.NONE, restarted(null).abstention());
    }

    @Test
    void decisionsAboveACheckpointThatAreNotNextDoNotCount() throws IOException {
        stable(20, 20);
        decide(22, 23);
        OrderingState state = restarted(checkpoint(20));
        assertEquals(20, state.lastDecided());
        assertEquals(List.of(), places(state));
    }
}
