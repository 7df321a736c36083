package io.atlassmr.protocol.accusation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.evidence.EvidenceEffect;
import io.atlassmr.protocol.evidence.EvidenceEvent;
import io.atlassmr.protocol.evidence.KeptProof;
import io.atlassmr.protocol.evidence.KnownProof;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.MisdeedKind;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.evidence.Severity;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Replica 0 of four gathers evidence. Peers report every 100 ms, so proofs are named every 400. */
class EvidenceProtocolTest {

    private static final Members MEMBERS = Members.of(4);
    private static final Digest A = Sha256.of(new byte[] {1});
    private static final Digest B = Sha256.of(new byte[] {2});
    private static final CommitMemory NO_COMMITS = (_, _) -> List.of();

    private final Outbox outbox = new Outbox();
    private final List<Integer> liars = new ArrayList<>();
    private final EvidenceProtocol evidence =
            new EvidenceProtocol("tests", 0, 100, _ -> 1, outbox, proof -> liars.add(proof.accused()));

    private static Proof twoPrepares(int accused, long place) {
        return new Proof(
                "tests",
                Misdeed.Conflict.of(
                        MEMBERS.sign(accused, new Prepare(0, place, A)),
                        MEMBERS.sign(accused, new Prepare(0, place, B))));
    }

    private static Proof twoPrepares(int accused, long place, long epoch) {
        Members members = Members.of("tests", epoch, 4);
        return new Proof(
                "tests",
                Misdeed.Conflict.of(
                        members.sign(accused, new Prepare(0, place, A)),
                        members.sign(accused, new Prepare(0, place, B))));
    }

    private static Proof twoCheckpoints(int accused, long place) {
        return new Proof(
                "tests",
                Misdeed.Conflict.of(
                        MEMBERS.sign(accused, new CheckpointVote(place, A)),
                        MEMBERS.sign(accused, new CheckpointVote(place, B))));
    }

    private List<EvidenceEffect> told() {
        return outbox.drain().stream()
                .filter(ProtocolEffect.Evidence.class::isInstance)
                .map(effect -> ((ProtocolEffect.Evidence) effect).effect())
                .toList();
    }

    private void find(Proof proof) {
        evidence.receive(new EvidenceEvent.Found(proof), 0);
    }

    private List<KnownProof> known() {
        return evidence.status().proofs().stream().map(KeptProof::known).toList();
    }

    @Test
    void whatIsFoundIsWrittenDownAndToldToAllOnce() {
        find(twoPrepares(2, 1));
        List<ProtocolEffect> effects = outbox.drain();
        assertTrue(effects.stream()
                .anyMatch(e -> e instanceof ProtocolEffect.Persist(long _, var records)
                        && records.equals(List.of(new LogRecord.EvidenceRecord(twoPrepares(2, 1))))));
        assertTrue(effects.contains(new ProtocolEffect.Evidence(new EvidenceEffect.TellAll(twoPrepares(2, 1)))));
        find(twoPrepares(2, 1));
        assertEquals(List.of(), outbox.drain());
    }

    /** It is the same misdeed, whatever is under it: a liar can sign the same in many ways. */
    @Test
    void theSameMessagesUnderOtherSignaturesAreOneProof() {
        Signed<Prepare> first = MEMBERS.sign(2, new Prepare(0, 1, A));
        Signed<Prepare> again = new Signed<>(first.message(), 2, 1, new byte[] {7});
        Signed<Prepare> second = MEMBERS.sign(2, new Prepare(0, 1, B));
        assertEquals(
                new Proof("tests", Misdeed.Conflict.of(first, second)).id(),
                new Proof("tests", Misdeed.Conflict.of(second, again)).id());
    }

    @Test
    void whatIsToldIsKeptAndNotToldOn() {
        evidence.receive(new EvidenceEvent.Told(1, List.of(twoPrepares(2, 1))), 0);
        assertEquals(1, evidence.status().proofs().size());
        assertEquals(List.of(), told());
    }

    @Test
    void aLieMakesALiarAndAFaultDoesNot() {
        find(twoCheckpoints(3, 8));
        assertEquals(List.of(), liars);
        find(twoPrepares(2, 1));
        assertEquals(List.of(2), liars);
        assertEquals(java.util.Set.of(2, 3), evidence.status().faulty());
    }

    @Test
    void whatTheLogRemembersIsKnownAndNobodyIsToldAgain() {
        evidence.remember(List.of(twoPrepares(2, 1)));
        assertTrue(evidence.isLiar(2));
        assertEquals(List.of(2), liars);
        assertEquals(List.of(), outbox.drain());
        find(twoPrepares(2, 1));
        assertEquals(List.of(), outbox.drain());
    }

    @Test
    void aMemberCannotFillTheRoomOfAnother() {
        IntStream.rangeClosed(1, 100).forEach(place -> find(twoPrepares(2, place)));
        find(twoPrepares(3, 1));
        assertEquals(EvidenceBook.MAX_LIES + 1, evidence.status().proofs().size());
        assertEquals(100 - EvidenceBook.MAX_LIES, evidence.status().dropped());
        assertTrue(evidence.isLiar(3));
    }

    @Test
    void aLieCannotBeHiddenBehindManyFaults() {
        IntStream.rangeClosed(1, 100).forEach(place -> find(twoCheckpoints(2, place)));
        find(twoPrepares(2, 1));
        assertTrue(evidence.isLiar(2));
    }

    private long keptOf(int accused, long epoch) {
        return known().stream()
                .filter(proof -> proof.accused() == accused && proof.epoch() == epoch)
                .count();
    }

    /** A member that has lied often is caught in each later epoch all the same. */
    @Test
    void whoFilledItsRoomInOneEpochIsCaughtInTheNext() {
        for (int epoch = 1; epoch <= EvidenceBook.MAX_FULL_EPOCHS + 2; epoch++) {
            liars.clear();
            for (int place = 1; place <= 20; place++) {
                find(twoPrepares(2, place, epoch));
            }
            boolean full = epoch > EvidenceBook.MAX_FULL_EPOCHS;
            assertEquals(full ? 1 : EvidenceBook.MAX_LIES, keptOf(2, epoch), "epoch " + epoch);
            assertFalse(liars.isEmpty(), "epoch " + epoch);
        }
        find(twoPrepares(3, 1, 1));
        assertEquals(1, keptOf(3, 1));
    }

    @Test
    void whatIsKeptIsBoundedOverAllEpochs() {
        for (int epoch = 1; epoch <= 1100; epoch++) {
            find(twoPrepares(2, 1, epoch));
        }
        assertEquals(EvidenceBook.MAX_TOTAL, known().size());
        assertEquals(1100 - EvidenceBook.MAX_TOTAL, evidence.status().dropped());
    }

    /** Of one epoch it has all that anybody keeps; of the other it is told. */
    @Test
    void whoHasAllOfAnEpochIsToldOfAnother() {
        find(twoPrepares(2, 1, 1));
        find(twoPrepares(2, 1, 2));
        List<EvidenceEffect> _ = told();
        List<KnownProof> theirs = new ArrayList<>();
        for (int i = 0; i < EvidenceBook.MAX_LIES; i++) {
            theirs.add(new KnownProof(2, 1, Severity.LIE, Sha256.of(new byte[] {9, (byte) i})));
        }
        evidence.receive(new EvidenceEvent.Listed(1, theirs), 0);
        assertEquals(new EvidenceEffect.Tell(1, List.of(twoPrepares(2, 1, 2))), told().getFirst());
    }

    @Test
    void proofsAreNamedNowAndThenOnceThereAreSome() {
        evidence.tick(0);
        assertEquals(List.of(), told());
        find(twoPrepares(2, 1));
        List<EvidenceEffect> _ = told();
        evidence.tick(10);
        assertEquals(List.of(new EvidenceEffect.NameToAll(known())), told());
        evidence.tick(409);
        assertEquals(List.of(), told());
        evidence.tick(410);
        assertEquals(List.of(new EvidenceEffect.NameToAll(known())), told());
    }

    @Test
    void whoNamesTooFewIsToldTheRestButNotTooOften() {
        find(twoPrepares(2, 1));
        find(twoPrepares(3, 1));
        List<EvidenceEffect> _ = told();
        List<KnownProof> some = known().subList(0, 1);
        evidence.receive(new EvidenceEvent.Listed(1, some), 0);
        assertEquals(List.of(new EvidenceEffect.Tell(1, List.of(twoPrepares(3, 1)))), told());
        evidence.receive(new EvidenceEvent.Listed(1, some), 10);
        assertEquals(List.of(), told());
        evidence.receive(new EvidenceEvent.Listed(1, some), 200);
        assertEquals(1, told().size());
    }

    @Test
    void whoLacksWhatAnotherNamesSaysWhatItHas() {
        evidence.receive(new EvidenceEvent.Listed(1, List.of(new KnownProof(2, 1, Severity.LIE, A))), 0);
        assertEquals(List.of(new EvidenceEffect.Name(1, List.of())), told());
    }

    @Test
    void afewAreToldAtOnce() {
        IntStream.rangeClosed(1, 16).forEach(place -> find(twoPrepares(2, place)));
        List<EvidenceEffect> _ = told();
        evidence.receive(new EvidenceEvent.Listed(1, List.of()), 0);
        EvidenceEffect.Tell tell = (EvidenceEffect.Tell) told().getFirst();
        assertEquals(8, tell.proofs().size());
    }

    @Test
    void aViewChangeThatConcealsACommitIsNoticed() {
        Signed<Commit> commit = MEMBERS.sign(2, new Commit(0, 5, A));
        evidence.see(
                MEMBERS.sign(2, new ViewChange(1, 4, List.of(), List.of())),
                (member, above) -> member == 2 && above < 5 ? List.of(commit) : List.of());
        assertEquals(
                List.of(MisdeedKind.HIDDEN_COMMIT),
                evidence.status().proofs().stream()
                        .map(kept -> kept.proof().misdeed().kind())
                        .toList());
    }

    @Test
    void viewChangesThatContradictEachOtherAreNoticed() {
        evidence.see(MEMBERS.sign(2, new ViewChange(1, 6, List.of(), List.of())), NO_COMMITS);
        evidence.see(MEMBERS.sign(2, new ViewChange(1, 4, List.of(), List.of(MEMBERS.prepared(0, 7, A)))), NO_COMMITS);
        assertTrue(evidence.isLiar(2));
    }

    /** Views of two epochs have nothing to do with each other. */
    @Test
    void viewChangesOfTwoEpochsDoNotContradictEachOther() {
        evidence.see(MEMBERS.sign(2, new ViewChange(1, 6, List.of(), List.of())), NO_COMMITS);
        evidence.see(
                Members.of("tests", 2, 4).sign(2, new ViewChange(1, 4, List.of(), List.of(MEMBERS.prepared(0, 7, A)))),
                NO_COMMITS);
        assertFalse(evidence.isLiar(2));
    }

    @Test
    void aWrongCheckpointIsNoticedBeforeAndAfterTheRightOneIsStable() {
        Certificate stable = new Certificate(0, 8, A, List.of());
        evidence.see(MEMBERS.sign(2, new CheckpointVote(8, B)), NO_COMMITS);
        evidence.seeStable(stable);
        evidence.see(MEMBERS.sign(3, new CheckpointVote(8, B)), NO_COMMITS);
        evidence.see(MEMBERS.sign(1, new CheckpointVote(8, A)), NO_COMMITS);
        assertEquals(java.util.Set.of(2, 3), evidence.status().faulty());
        assertEquals(java.util.Set.of(), evidence.status().liars());
    }

    /** Until a replica knows of a new epoch, it takes a vote for one of the new epoch's places for one of the old. */
    @Test
    void whatWasSignedInTwoEpochsIsNoConflict() {
        Members next = Members.of("tests", 2, 4);
        evidence.conflict(MEMBERS.sign(2, new CheckpointVote(8, A)), next.sign(2, new CheckpointVote(8, B)));
        evidence.see(next.sign(2, new CheckpointVote(16, B)), NO_COMMITS);
        evidence.seeStable(new Certificate(0, 16, A, List.of()));
        assertEquals(List.of(), known());
    }

    /** A proof can be known before the epoch of its lie begins here. */
    @Test
    void lastEpochsLiesAreTheBusinessOfLastEpoch() {
        Members next = Members.of("tests", 2, 4);
        find(twoPrepares(2, 1));
        find(new Proof(
                "tests", Misdeed.Conflict.of(next.sign(3, new Prepare(0, 9, A)), next.sign(3, new Prepare(0, 9, B)))));
        liars.clear();
        evidence.tellLiesOf(2);
        assertEquals(List.of(3), liars);
    }

    /** Whoever is broken repairs itself; the others report it. */
    @Test
    void aReplicaDoesNotAccuseItself() {
        evidence.seeStable(new Certificate(0, 8, A, List.of()));
        evidence.see(MEMBERS.sign(0, new CheckpointVote(8, B)), NO_COMMITS);
        assertFalse(evidence.status().faulty().contains(0));
    }
}
