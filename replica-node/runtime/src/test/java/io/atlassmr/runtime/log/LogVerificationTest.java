package io.atlassmr.runtime.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.runtime.fixture.KeyedDigest;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log of replica 2 of "tests": checkpoint 4, decisions 5 to 12, votes at 13. */
class LogVerificationTest {

    private final InMemoryPersistentLog log = new InMemoryPersistentLog();
    private RecordStore store;

    @BeforeEach
    void fill() throws IOException {
        store = new RecordStore(log, "tests", 2, true);
        for (long s = 1; s <= 12; s++) {
            decide(TestCluster.decision(s, batch(s)));
        }
        store.write(List.of(new LogRecord.CheckpointRecord(checkpoint(4, 0, 1, 3), 4)));
        Batch next = batch(13);
        store.write(List.of(
                new LogRecord.PrepareRecord(2, 13, next, null),
                new LogRecord.CommitRecord(
                        certificate(2, 13, next.digest(), new Prepare(2, 13, next.digest()), 0, 1, 2), next)));
    }

    private static Batch batch(long number) {
        return TestCluster.batch(1000 + number, TestCluster.bundle(1, number));
    }

    private static Certificate certificate(
            long view, long sequenceNumber, Digest digest, ProtocolMessage vote, int... signers) {
        return new Certificate(
                view,
                sequenceNumber,
                digest,
                IntStream.of(signers)
                        .mapToObj(signer -> new VoteSignature(
                                signer, TestCluster.sign(signer, vote).signature()))
                        .toList());
    }

    private static Certificate checkpoint(long sequenceNumber, int... signers) {
        Digest digest = batch(99).digest();
        return certificate(0, sequenceNumber, digest, new CheckpointVote(sequenceNumber, digest), signers);
    }

    private void decide(Decision decision) throws IOException {
        store.write(List.of(new LogRecord.DecisionRecord(decision.certificate(), decision.batch())));
    }

    private LogVerification.Report verify() throws IOException {
        return new LogVerification(log, TestCluster.membership(), 2, new KeyedDigest(), checked -> {}).verify();
    }

    private void faultAt(RecordFamily family, long key, String reason) throws IOException {
        CorruptRecordException fault = verify().fault();
        assertNotNull(fault);
        assertEquals(family + " " + key + ": " + reason, fault.family() + " " + fault.key() + ": " + fault.reason());
    }

    private void garble(RecordFamily family, long key) {
        byte[] stored = log.family(family).get(key).clone();
        stored[stored.length - 1] ^= 1;
        log.family(family).put(key, stored);
    }

    @Test
    void aSoundLogHasNoFault() throws IOException {
        LogVerification.Report report = verify();
        assertNull(report.fault());
        assertEquals(4, report.prunedUpTo());
        assertEquals(12, report.lastDecided());
        assertEquals(8, report.decisions());
        assertEquals(1, report.checkpoints().size());
        assertEquals(2, report.votes());
    }

    @Test
    void aNewLogHasNoFault() throws IOException {
        InMemoryPersistentLog empty = new InMemoryPersistentLog();
        RecordStore _ = new RecordStore(empty, "tests", 2, true);
        assertNull(new LogVerification(empty, TestCluster.membership(), 2, new KeyedDigest(), checked -> {})
                .verify()
                .fault());
    }

    @Test
    void aGarbledRecordIsTheFirstFaultAndThoseBeforeItAreCounted() throws IOException {
        garble(RecordFamily.DECISIONS, 9);
        garble(RecordFamily.DECISIONS, 11);
        LogVerification.Report report = verify();
        assertEquals(RecordFamily.DECISIONS, report.fault().family());
        assertEquals(9, report.fault().key());
        assertEquals(8, report.lastDecided());
    }

    @Test
    void aGarbledBatchIsFoundWhereItIs() throws IOException {
        garble(RecordFamily.BATCHES, 2 * 7);
        LogVerification.Report report = verify();
        assertEquals(RecordFamily.BATCHES, report.fault().family());
        assertEquals(14, report.fault().key());
        assertEquals(6, report.lastDecided());
    }

    @Test
    void aMissingBatchIsFound() throws IOException {
        log.family(RecordFamily.BATCHES).remove(2 * 7L);
        faultAt(RecordFamily.BATCHES, 14, "it is missing");
    }

    @Test
    void aGapInTheDecisionsIsFound() throws IOException {
        log.family(RecordFamily.DECISIONS).remove(7L);
        faultAt(RecordFamily.DECISIONS, 7, "it is missing, and decision 8 is there");
    }

    @Test
    void aLogThatBeginsTooLateIsFound() throws IOException {
        log.family(RecordFamily.DECISIONS).remove(5L);
        faultAt(RecordFamily.DECISIONS, 5, "it is missing, and decision 6 is there");
    }

    @Test
    void aCommitThatNobodySignedIsFound() throws IOException {
        Batch batch = batch(13);
        Certificate forged = certificate(2, 13, batch.digest(), new Commit(3, 13, batch.digest()), 0, 1, 2);
        decide(new Decision(forged, batch));
        faultAt(RecordFamily.DECISIONS, 13, "replica 0 did not sign this Commit");
    }

    @Test
    void aCertificateOfFewerThanAQuorumIsFound() throws IOException {
        Batch batch = batch(13);
        decide(new Decision(certificate(2, 13, batch.digest(), new Commit(2, 13, batch.digest()), 0, 1), batch));
        faultAt(RecordFamily.DECISIONS, 13, "a certificate of 2 votes, a quorum is 3");
    }

    @Test
    void aDecisionThatWasMovedToAnotherPlaceIsFound() throws IOException {
        log.family(RecordFamily.DECISIONS)
                .put(13L, log.family(RecordFamily.DECISIONS).get(12L));
        CorruptRecordException fault = verify().fault();
        assertEquals(13, fault.key());
    }

    @Test
    void aCheckpointThatTooFewSignedIsFound() throws IOException {
        store.write(List.of(new LogRecord.CheckpointRecord(checkpoint(8, 0, 1), 4)));
        faultAt(RecordFamily.CHECKPOINTS, 8, "a certificate of 2 votes, a quorum is 3");
    }

    @Test
    void aPreparedCertificateThatNobodySignedIsFound() throws IOException {
        Batch batch = batch(14);
        store.write(List.of(new LogRecord.CommitRecord(
                certificate(2, 14, batch.digest(), new Commit(2, 14, batch.digest()), 0, 1, 2), batch)));
        faultAt(RecordFamily.VOTES, 29, "replica 0 did not sign this Prepare");
    }

    @Test
    void aViewThatItsLeaderDidNotOpenIsFound() throws IOException {
        NewView newView = new NewView(
                3,
                List.of(
                        TestCluster.sign(0, viewChange()),
                        TestCluster.sign(1, viewChange()),
                        TestCluster.sign(2, viewChange())));
        store.write(List.of(new LogRecord.ViewRecord(1, 3, true, TestCluster.sign(3, newView))));
        assertNull(verify().fault());
        store.write(List.of(new LogRecord.ViewRecord(1, 3, true, TestCluster.sign(1, newView))));
        faultAt(RecordFamily.VIEWS, 0, "view 3 was opened by replica 1, which does not lead it");
    }

    private static ViewChange viewChange() {
        return new ViewChange(3, 0, null, List.of(), List.of());
    }

    @Test
    void evidenceThatProvesNothingIsFound() throws IOException {
        Digest digest = batch(1).digest();
        Signed<Prepare> forged = new Signed<>(new Prepare(0, 5, digest), 1, TestCluster.EPOCH, new byte[64]);
        Signed<Prepare> real = TestCluster.sign(1, new Prepare(0, 5, batch(2).digest()));
        store.write(List.of(new LogRecord.EvidenceRecord(
                new Proof(TestCluster.membership().clusterId(), Misdeed.Conflict.of(forged, real)))));
        faultAt(RecordFamily.EVIDENCE, 0, "a proof of nothing: replica 1 did not sign the Prepare in it");
    }

    @Test
    void anotherReplicasLogIsNotTaken() throws IOException {
        CorruptRecordException fault = new LogVerification(
                        log, TestCluster.membership(), 1, new KeyedDigest(), checked -> {})
                .verify()
                .fault();
        assertEquals("the log is of replica 2 of \"tests\", not of replica 1 of \"tests\"", fault.reason());
    }

    @Test
    void progressCountsDecisions() throws IOException {
        List<Long> told = new ArrayList<>();
        assertNull(new LogVerification(log, TestCluster.membership(), 2, new KeyedDigest(), told::add)
                .verify()
                .fault());
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L), told);
    }
}
