package io.atlassmr.runtime.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordStoreTest {

    private static final int WINDOW = 4;
    private static final Batch A = batch(1);
    private static final Batch B = batch(2);
    private static final Batch C = batch(3);

    private final InMemoryPersistentLog log = new InMemoryPersistentLog();
    private RecordStore store;

    @BeforeEach
    void open() throws IOException {
        store = new RecordStore(log, "shop", 2, true);
    }

    @Test
    void aNewStoreRemembersNothing() throws IOException {
        OrderingState state = store.load(WINDOW, null);
        assertEquals(0, state.view());
        assertTrue(state.active());
        assertNull(state.newView());
        assertEquals(0, state.lastDecided());
        assertEquals(List.of(), state.prepares());
        assertEquals(List.of(), state.commits());
        assertNull(store.decision(1));
    }

    @Test
    void whoseStoreItIsIsSyncedBeforeAnythingElse() {
        assertEquals(2, log.family(RecordFamily.META).size());
        assertEquals(1, log.syncs());
    }

    @Test
    void whatAnEarlierRunLeftUnsyncedIsSyncedBeforeItIsReadBack() throws IOException {
        store.write(List.of(new LogRecord.PrepareRecord(0, 1, A, null)));
        int before = log.syncs();
        reopened();
        assertEquals(before + 1, log.syncs());
    }

    @Test
    void anotherReplicasStoreIsRefused() {
        IOException thrown = assertThrows(IOException.class, () -> new RecordStore(log, "shop", 3, true));
        assertEquals(
                "the store belongs to \"shop\" replica 2, this is replica 3 of \"shop\": give each replica a storage"
                        + " path of its own",
                thrown.getMessage());
    }

    @Test
    void anotherClustersStoreIsRefused() {
        assertThrows(IOException.class, () -> new RecordStore(log, "bank", 2, true));
    }

    @Test
    void aPrepareVoteIsReadBackWithItsBatch() throws IOException {
        store.write(List.of(new LogRecord.PrepareRecord(7, 1, A, null)));
        assertEquals(
                List.of(new LogRecord.PrepareRecord(7, 1, A, null)), reopened().prepares());
    }

    @Test
    void aLaterPrepareVoteReplacesAnEarlierOne() throws IOException {
        store.write(List.of(new LogRecord.PrepareRecord(0, 1, A, null)));
        store.write(List.of(new LogRecord.PrepareRecord(1, 1, B, null)));
        assertEquals(
                List.of(new LogRecord.PrepareRecord(1, 1, B, null)), reopened().prepares());
    }

    @Test
    void aPreparedCertificateIsReadBackWithItsBatch() throws IOException {
        LogRecord.CommitRecord commit = new LogRecord.CommitRecord(certificate(0, 1, A), A);
        store.write(List.of(new LogRecord.PrepareRecord(0, 1, A, null), commit));
        OrderingState state = reopened();
        assertEquals(List.of(commit), state.commits());
        assertEquals(List.of(new LogRecord.PrepareRecord(0, 1, A, null)), state.prepares());
    }

    @Test
    void aCertificateWithoutAVoteOfItsOwnKeepsItsBatch() throws IOException {
        LogRecord.CommitRecord commit = new LogRecord.CommitRecord(certificate(2, 5, A), A);
        store.write(List.of(commit));
        assertEquals(List.of(commit), reopened().commits());
    }

    @Test
    void aBatchIsStoredOnceForItsVoteCertificateAndDecision() throws IOException {
        store.write(List.of(new LogRecord.PrepareRecord(0, 1, A, null)));
        store.write(List.of(new LogRecord.CommitRecord(certificate(0, 1, A), A)));
        store.write(List.of(new LogRecord.DecisionRecord(certificate(0, 1, A), A)));
        assertEquals(1, log.family(RecordFamily.BATCHES).size());
    }

    @Test
    void theCertifiedBatchIsKeptBesideAnotherThatIsPreparedLater() throws IOException {
        LogRecord.CommitRecord commit = new LogRecord.CommitRecord(certificate(0, 1, A), A);
        store.write(List.of(new LogRecord.PrepareRecord(0, 1, A, null), commit));
        store.write(List.of(new LogRecord.PrepareRecord(1, 1, B, A)));
        OrderingState state = reopened();
        assertEquals(List.of(new LogRecord.PrepareRecord(1, 1, B, null)), state.prepares());
        assertEquals(List.of(commit), state.commits());
    }

    @Test
    void theCertifiedBatchIsStillKeptWhenTheOtherIsPreparedAfterARestart() throws IOException {
        LogRecord.CommitRecord commit = new LogRecord.CommitRecord(certificate(0, 1, A), A);
        store.write(List.of(new LogRecord.PrepareRecord(0, 1, A, null), commit));
        reopened();
        store.write(List.of(new LogRecord.PrepareRecord(1, 1, B, A)));
        reopened();
        store.write(List.of(new LogRecord.PrepareRecord(2, 1, C, A)));
        OrderingState state = reopened();
        assertEquals(List.of(new LogRecord.PrepareRecord(2, 1, C, null)), state.prepares());
        assertEquals(List.of(commit), state.commits());
    }

    @Test
    void aCertificateOfALaterViewReplacesTheEarlierOne() throws IOException {
        store.write(List.of(
                new LogRecord.PrepareRecord(0, 1, A, null), new LogRecord.CommitRecord(certificate(0, 1, A), A)));
        store.write(List.of(new LogRecord.PrepareRecord(1, 1, B, A)));
        LogRecord.CommitRecord later = new LogRecord.CommitRecord(certificate(1, 1, B), B);
        store.write(List.of(later));
        assertEquals(List.of(later), reopened().commits());
    }

    @Test
    void aDecisionIsReadBackWithItsBatchAndCertificate() throws IOException {
        store.write(List.of(new LogRecord.DecisionRecord(certificate(3, 1, A), A)));
        assertEquals(new Decision(certificate(3, 1, A), A), store.decision(1));
        assertNull(store.decision(2));
    }

    @Test
    void aDecisionRefersToWhicheverOfTheTwoBatchesWasDecided() throws IOException {
        store.write(List.of(
                new LogRecord.PrepareRecord(0, 1, A, null), new LogRecord.CommitRecord(certificate(0, 1, A), A)));
        store.write(List.of(new LogRecord.PrepareRecord(1, 1, B, A)));
        store.write(List.of(new LogRecord.DecisionRecord(certificate(2, 1, A), A)));
        assertEquals(A, store.decision(1).batch());
        reopened();
        assertEquals(A, store.decision(1).batch());
    }

    @Test
    void aDecidedBatchThatWasNeverPreparedHereIsStored() throws IOException {
        store.write(List.of(new LogRecord.PrepareRecord(0, 1, A, null)));
        store.write(List.of(new LogRecord.DecisionRecord(certificate(1, 1, B), B)));
        assertEquals(B, store.decision(1).batch());
    }

    @Test
    void decisionsUpToTheFirstGapCount() throws IOException {
        for (long s : new long[] {1, 2, 3, 5}) {
            store.write(List.of(new LogRecord.DecisionRecord(certificate(0, s, A), A)));
        }
        OrderingState state = reopened();
        assertEquals(3, state.lastDecided());
        assertEquals(3, state.lastExecuted());
    }

    @Test
    void theLastWindowOfDecisionsIsGiven() throws IOException {
        for (long s = 1; s <= 10; s++) {
            store.write(List.of(new LogRecord.DecisionRecord(certificate(0, s, A), A)));
        }
        List<Long> recent = reopened().recentDecisions().stream()
                .map(Decision::sequenceNumber)
                .toList();
        assertEquals(List.of(7L, 8L, 9L, 10L), recent);
    }

    @Test
    void votesForWhatIsDecidedAreNotReadBack() throws IOException {
        store.write(List.of(
                new LogRecord.PrepareRecord(0, 1, A, null),
                new LogRecord.CommitRecord(certificate(0, 1, A), A),
                new LogRecord.PrepareRecord(0, 2, B, null),
                new LogRecord.DecisionRecord(certificate(0, 1, A), A)));
        OrderingState state = reopened();
        assertEquals(List.of(new LogRecord.PrepareRecord(0, 2, B, null)), state.prepares());
        assertEquals(List.of(), state.commits());
    }

    @Test
    void votesBelowTheLastDecisionAreDeletedInTimeAndNoneAboveIt() throws IOException {
        int decisions = 1_030;
        for (long s = 1; s <= decisions; s++) {
            store.write(List.of(
                    new LogRecord.PrepareRecord(0, s + 1, A, null),
                    new LogRecord.DecisionRecord(certificate(0, s, A), A)));
        }
        NavigableMap<Long, byte[]> votes = log.family(RecordFamily.VOTES);
        assertTrue(votes.size() < decisions / 2, votes.size() + " votes are left");
        assertTrue(votes.containsKey(2L * (decisions + 1)));
        assertEquals(
                List.of(new LogRecord.PrepareRecord(0, decisions + 1, A, null)),
                reopened().prepares());
    }

    @Test
    void theViewAskedForIsReadBack() throws IOException {
        store.write(List.of(new LogRecord.ViewRecord(1, 4, false, null)));
        OrderingState state = reopened();
        assertEquals(4, state.view());
        assertFalse(state.active());
        assertNull(state.newView());
    }

    @Test
    void anOpenViewIsReadBackWithWhatOpenedIt() throws IOException {
        Signed<NewView> newView = newView(4);
        store.write(List.of(new LogRecord.ViewRecord(1, 4, false, null)));
        store.write(List.of(new LogRecord.ViewRecord(1, 4, true, newView)));
        OrderingState state = reopened();
        assertEquals(4, state.view());
        assertTrue(state.active());
        assertEquals(newView, state.newView());
    }

    @Test
    void evidenceIsAddedAfterEarlierEvidenceAlsoAcrossARestart() throws IOException {
        LogRecord.EvidenceRecord evidence = new LogRecord.EvidenceRecord(new Proof(
                "tests",
                Misdeed.Conflict.of(signed(new Prepare(0, 1, A.digest())), signed(new Prepare(0, 1, B.digest())))));
        store.write(List.of(evidence, evidence));
        reopened();
        store.write(List.of(evidence));
        assertEquals(
                List.of(0L, 1L, 2L),
                List.copyOf(log.family(RecordFamily.EVIDENCE).keySet()));
    }

    @Test
    void evidenceIsReadBackAndDamagedEvidenceLeftOut() throws IOException {
        Proof first = new Proof(
                "tests",
                Misdeed.Conflict.of(signed(new Prepare(0, 1, A.digest())), signed(new Prepare(0, 1, B.digest()))));
        Proof second = new Proof(
                "tests",
                Misdeed.Conflict.of(signed(new Prepare(0, 2, A.digest())), signed(new Prepare(0, 2, B.digest()))));
        store.write(List.of(new LogRecord.EvidenceRecord(first), new LogRecord.EvidenceRecord(second)));
        assertEquals(List.of(first, second), store.evidence());
        damage(RecordFamily.EVIDENCE, 0);
        assertEquals(List.of(second), store.evidence());
    }

    @Test
    void aDamagedDecisionIsReportedByFamilyAndKey() throws IOException {
        store.write(List.of(new LogRecord.DecisionRecord(certificate(0, 1, A), A)));
        damage(RecordFamily.DECISIONS, 1);
        assertCorrupt(RecordFamily.DECISIONS, 1, () -> store.decision(1));
    }

    @Test
    void aDamagedBatchIsReportedByFamilyAndKey() throws IOException {
        store.write(List.of(new LogRecord.DecisionRecord(certificate(0, 3, A), A)));
        damage(RecordFamily.BATCHES, 6);
        assertCorrupt(RecordFamily.BATCHES, 6, () -> store.decision(3));
    }

    @Test
    void aMissingBatchIsReportedByFamilyAndKey() throws IOException {
        store.write(List.of(new LogRecord.DecisionRecord(certificate(0, 3, A), A)));
        log.family(RecordFamily.BATCHES).clear();
        assertCorrupt(RecordFamily.BATCHES, 6, () -> store.decision(3));
    }

    @Test
    void aSoundBatchInTheWrongPlaceIsReportedByFamilyAndKey() throws IOException {
        store.write(List.of(new LogRecord.DecisionRecord(certificate(0, 3, A), A)));
        log.family(RecordFamily.BATCHES)
                .put(6L, RecordEnvelope.wrap(RecordFamily.BATCHES, 6, kindOf(RecordFamily.BATCHES, 6), B.encoded()));
        assertCorrupt(RecordFamily.BATCHES, 6, () -> store.decision(3));
    }

    @Test
    void aDamagedOwnerStopsTheOpening() {
        damage(RecordFamily.META, 0);
        IOException thrown = assertThrows(IOException.class, () -> new RecordStore(log, "shop", 2, true));
        assertTrue(thrown.getMessage().startsWith("whose store this is cannot be read"), thrown.getMessage());
    }

    @Test
    void syncingSyncsTheLog() throws IOException {
        int before = log.syncs();
        store.sync();
        assertEquals(before + 1, log.syncs());
    }

    private OrderingState reopened() throws IOException {
        store = new RecordStore(log, "shop", 2, true);
        return store.load(WINDOW, null);
    }

    private interface Reading {
        Object read() throws IOException;
    }

    private static void assertCorrupt(RecordFamily family, long key, Reading reading) {
        CorruptRecordException thrown = assertThrows(CorruptRecordException.class, reading::read);
        assertEquals(family, thrown.family());
        assertEquals(key, thrown.key());
    }

    private void damage(RecordFamily family, long key) {
        byte[] damaged = log.read(family, key).clone();
        damaged[damaged.length - 1] ^= 1;
        log.family(family).put(key, damaged);
    }

    private byte kindOf(RecordFamily family, long key) throws CorruptRecordException {
        return RecordEnvelope.unwrap(family, key, log.read(family, key)).kind();
    }

    private static Batch batch(long agreedTimeMillis) {
        return BatchCodec.encode(agreedTimeMillis, List.of());
    }

    private static Certificate certificate(long view, long sequenceNumber, Batch batch) {
        return new Certificate(
                view,
                sequenceNumber,
                batch.digest(),
                List.of(
                        new VoteSignature(0, new byte[] {1}),
                        new VoteSignature(1, new byte[] {2}),
                        new VoteSignature(3, new byte[] {3})));
    }

    private static Signed<NewView> newView(long view) {
        ViewChange viewChange = new ViewChange(view, 0, List.of(), List.of(certificate(1, 1, A)));
        return new Signed<>(
                new NewView(view, List.of(new Signed<>(viewChange, 0, 1, new byte[] {4}))), 0, 1, new byte[] {5});
    }

    private static Signed<Prepare> signed(Prepare prepare) {
        return new Signed<>(prepare, 1, 1, new byte[] {6});
    }
}
