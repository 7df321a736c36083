package io.atlassmr.runtime.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.LogRecord.AbstentionRecord;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A damaged record never stops a start: what it means is made of it, and the damage is reported. */
class DamagedLogTest {

    private static final int WINDOW = 4;
    private static final AbstentionRecord UNKNOWN = AbstentionRecord.UNKNOWN;
    private static final Batch BATCH = BatchCodec.encode(1, List.of());

    private final InMemoryPersistentLog log = new InMemoryPersistentLog();
    private final StorageCondition condition = new StorageCondition();

    /** Ten decisions, and at the eleventh place a vote and what it came to; the view is the third. */
    @BeforeEach
    void fill() throws IOException {
        RecordStore store = open();
        for (long s = 1; s <= 10; s++) {
            store.write(List.of(
                    new LogRecord.PrepareRecord(0, s, BATCH, null),
                    new LogRecord.CommitRecord(certificate(s), BATCH),
                    new LogRecord.DecisionRecord(certificate(s), BATCH)));
        }
        store.write(List.of(
                new LogRecord.PrepareRecord(0, 11, BATCH, null),
                new LogRecord.CommitRecord(certificate(11), BATCH),
                new LogRecord.ViewRecord(1, 3, false, null)));
    }

    private RecordStore open() throws IOException {
        return new RecordStore(log, "shop", 2, true, condition);
    }

    private static Certificate certificate(long sequenceNumber) {
        return new Certificate(
                0,
                sequenceNumber,
                BATCH.digest(),
                List.of(
                        new VoteSignature(0, new byte[] {1}),
                        new VoteSignature(1, new byte[] {2}),
                        new VoteSignature(3, new byte[] {3})));
    }

    private void damage(RecordFamily family, long key) {
        byte[] damaged = log.read(family, key).clone();
        damaged[damaged.length - 1] ^= 1;
        log.family(family).put(key, damaged);
    }

    private OrderingState started() throws IOException {
        return open().load(WINDOW, null);
    }

    private static List<Long> places(OrderingState state) {
        return state.recentDecisions().stream().map(Decision::sequenceNumber).toList();
    }

    private void assertReported(String record) {
        List<String> damage = condition.report().damage();
        assertTrue(damage.getFirst().startsWith(record), damage.toString());
    }

    @Test
    void withoutDamageNothingIsReported() throws IOException {
        OrderingState state = started();
        assertEquals(10, state.lastDecided());
        assertEquals(10, state.silentUpTo());
        assertEquals(AbstentionRecord.NONE, state.abstention());
        assertEquals(0, condition.report().damaged());
    }

    @Test
    void decisionsEndBeforeADamagedOneAndTheReplicaIsSilentUpToTheLastItHad() throws IOException {
        damage(RecordFamily.DECISIONS, 6);
        OrderingState state = started();
        assertEquals(5, state.lastDecided());
        assertEquals(List.of(2L, 3L, 4L, 5L), places(state));
        assertEquals(10, state.silentUpTo());
        assertEquals(AbstentionRecord.NONE, state.abstention());
        assertReported("record 6 of DECISIONS is corrupt");
    }

    @Test
    void aDamagedBodyIsADamagedDecision() throws IOException {
        damage(RecordFamily.BATCHES, 2 * 6);
        OrderingState state = started();
        assertEquals(5, state.lastDecided());
        assertEquals(10, state.silentUpTo());
        assertReported("record 12 of BATCHES is corrupt");
    }

    @Test
    void votesAboveTheLastDecisionItHadAreStillKnown() throws IOException {
        damage(RecordFamily.DECISIONS, 6);
        OrderingState state = started();
        assertEquals(List.of(new LogRecord.PrepareRecord(0, 11, BATCH, null)), state.prepares());
        assertEquals(List.of(new LogRecord.CommitRecord(certificate(11), BATCH)), state.commits());
    }

    @Test
    void fetchedDecisionsHealTheLog() throws IOException {
        damage(RecordFamily.DECISIONS, 6);
        damage(RecordFamily.BATCHES, 2 * 8);
        RecordStore store = open();
        assertEquals(5, store.load(WINDOW, null).lastDecided());
        for (long s = 6; s <= 9; s++) {
            store.write(List.of(new LogRecord.DecisionRecord(certificate(s), BATCH)));
        }
        OrderingState state = started();
        assertEquals(10, state.lastDecided());
        assertEquals(10, state.silentUpTo());
    }

    @Test
    void aDamagedDecisionBelowTheCheckpointIsOnlyOneThatPeersCannotHave() throws IOException {
        open().write(List.of(new LogRecord.CheckpointRecord(certificate(8), 4)));
        damage(RecordFamily.DECISIONS, 6);
        OrderingState state = open().load(WINDOW, certificate(8));
        assertEquals(10, state.lastDecided());
        assertEquals(10, state.silentUpTo());
        assertEquals(List.of(7L, 8L, 9L, 10L), places(state));
        assertEquals(7, state.firstAvailable());
        assertEquals(AbstentionRecord.NONE, state.abstention());
    }

    @Test
    void aDamagedDecisionIsNotServed() throws IOException {
        damage(RecordFamily.DECISIONS, 6);
        List<Decision> served = new DecisionServer(open()).read(4, 10);
        assertEquals(
                List.of(4L, 5L), served.stream().map(Decision::sequenceNumber).toList());
        assertReported("record 6 of DECISIONS is corrupt");
    }

    @Test
    void aDamagedVoteIsALostOne() throws IOException {
        damage(RecordFamily.VOTES, 22);
        OrderingState state = started();
        assertEquals(UNKNOWN, state.abstention());
        assertEquals(10, state.lastDecided());
        assertReported("record 22 of VOTES is corrupt");
    }

    @Test
    void aDamagedPreparedCertificateIsALostVote() throws IOException {
        damage(RecordFamily.VOTES, 23);
        assertEquals(UNKNOWN, started().abstention());
        assertReported("record 23 of VOTES is corrupt");
    }

    @Test
    void aVoteWhoseBatchIsMissingIsALostOne() throws IOException {
        log.family(RecordFamily.BATCHES).remove(22L);
        assertEquals(UNKNOWN, started().abstention());
        assertReported("record 22 of BATCHES is corrupt: it is missing beside its vote");
    }

    @Test
    void aDamagedViewMayHideVotes() throws IOException {
        damage(RecordFamily.VIEWS, 0);
        OrderingState state = started();
        assertEquals(UNKNOWN, state.abstention());
        assertEquals(0, state.view());
        assertNull(state.newView());
        assertReported("record 0 of VIEWS is corrupt");
    }

    @Test
    void aViewOfAnotherKindIsADamagedOne() throws IOException {
        log.family(RecordFamily.VIEWS).put(0L, RecordEnvelope.wrap(RecordFamily.VIEWS, 0, (byte) 99, new byte[9]));
        assertEquals(UNKNOWN, started().abstention());
    }

    @Test
    void aDamagedAbstentionIsAnUnknownOne() throws IOException {
        damage(RecordFamily.META, 2);
        assertEquals(UNKNOWN, started().abstention());
        assertReported("record 2 of META is corrupt");
    }

    @Test
    void whereTheLogBeginsIsFoundAgain() throws IOException {
        open().write(List.of(new LogRecord.CheckpointRecord(certificate(8), 4)));
        damage(RecordFamily.META, 1);
        OrderingState state = open().load(WINDOW, certificate(8));
        assertEquals(5, state.firstAvailable());
        assertEquals(10, state.lastDecided());
        assertEquals(UNKNOWN, state.abstention());
        assertReported("record 1 of META is corrupt");
    }

    @Test
    void thatVotesWereLostIsRememberedOnceTheDamagedRecordIsGone() throws IOException {
        damage(RecordFamily.VOTES, 22);
        assertEquals(UNKNOWN, started().abstention());
        assertFalse(log.family(RecordFamily.VOTES).containsKey(22L));
        assertEquals(UNKNOWN, started().abstention());
        assertEquals(1, condition.report().damaged());
    }

    @Test
    void damageIsCountedOnceHoweverOftenItIsMet() throws IOException {
        damage(RecordFamily.DECISIONS, 10);
        RecordStore store = open();
        assertEquals(9, store.load(WINDOW, null).lastDecided());
        long counted = condition.report().damaged();
        assertEquals(9, store.load(WINDOW, null).lastDecided());
        assertEquals(counted, condition.report().damaged());
    }
}
