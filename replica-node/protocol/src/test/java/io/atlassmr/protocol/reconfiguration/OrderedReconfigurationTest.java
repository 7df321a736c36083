package io.atlassmr.protocol.reconfiguration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.fixture.Cluster;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a replica does with the epochs that it is told of. The scripts show the rest. */
class OrderedReconfigurationTest {

    private static final Membership GENESIS = Members.of(5).membership();

    private final Outbox outbox = new Outbox();
    private final OrderedReconfiguration reconfiguration = new OrderedReconfiguration(
            1, 200, new ReconfigurationStart(EpochHistory.of(GENESIS), Cluster.initial(GENESIS, 2)), outbox);

    private static Decision decision(long sequenceNumber, Batch batch) {
        return new Decision(new Certificate(0, sequenceNumber, batch.digest(), List.of()), batch);
    }

    private static Decision link(int members) {
        return decision(
                3,
                BatchCodec.encodeLast(
                        0, new Epoch(Membership.of("tests", 2, GENESIS.members().subList(0, members)), 3)));
    }

    @Test
    void anEpochThatIsLearnedIsKept() {
        reconfiguration.learn(List.of(link(4)));

        assertEquals(2, reconfiguration.epochs().latest().number());
        assertEquals(1, reconfiguration.current().number());
        List<ProtocolEffect> effects = outbox.drain();
        assertEquals(
                List.of(new LogRecord.EpochRecord(link(4))),
                effects.stream()
                        .filter(ProtocolEffect.Persist.class::isInstance)
                        .flatMap(effect -> ((ProtocolEffect.Persist) effect).records().stream())
                        .toList());
    }

    /** A peer's link of an epoch that is known already is not verified, and may say anything. Found by seed 6. */
    @Test
    void anEpochThatIsKnownIsNotTakenFromAnybodyElse() {
        reconfiguration.learn(List.of(link(4)));
        List<ProtocolEffect> _ = outbox.drain();
        Membership known = reconfiguration.epochs().latest().membership();

        reconfiguration.learn(List.of(link(5)));
        assertEquals(known, reconfiguration.epochs().latest().membership());
        assertEquals(List.of(), outbox.drain());
    }

    @Test
    void aDecisionThatContradictsAProvenEpochStopsTheReplica() {
        SignedCommand leave = Cluster.sign("tests", Cluster.key('A'), 1, 1, new Command.Leave(0));
        reconfiguration.delivered(decision(1, BatchCodec.encode(0, false, List.of(), List.of(leave))));
        reconfiguration.learn(List.of(link(4)));
        reconfiguration.delivered(decision(2, BatchCodec.encode(0, List.of())));
        Epoch next = reconfiguration.state().next();

        assertThrows(
                IllegalStateException.class,
                () -> reconfiguration.delivered(decision(3, BatchCodec.encodeLast(0, next))));
    }

    @Test
    void aPeerIsAskedForEpochsThatItKnowsAlone() {
        reconfiguration.heard(2, 1, 0);
        assertEquals(List.of(), outbox.drain());
        reconfiguration.heard(2, 3, 0);
        reconfiguration.heard(2, 3, 10);
        assertEquals(List.of(new ProtocolEffect.RequestEpochs(2, 2)), outbox.drain());
    }

    @Test
    void whoHoldsAProofAccusesOnceAndTellsNobody() {
        reconfiguration.accuse(2, new byte[] {1}, 0);
        reconfiguration.accuse(2, new byte[] {2}, 0);
        reconfiguration.repeat(new ReconfigurationProtocol.JoinConditions(0, true));
        assertEquals(List.of(), outbox.drain());
        assertTrue(reconfiguration.hasWork());
        assertFalse(reconfiguration.leaderOwes());
        List<SignedCommand> proposed = reconfiguration.takeForProposal();
        assertEquals(1, proposed.size());
        assertFalse(reconfiguration.hasWork());
        assertFalse(reconfiguration.overdue(1000, 4000));
        assertTrue(reconfiguration.overdue(1000, 4001));

        SignedCommand another = CommandCodec.accuse(1, new Command.Accuse(2, new byte[] {3}));
        reconfiguration.delivered(decision(1, BatchCodec.encode(0, false, List.of(), List.of(another))));
        assertEquals(java.util.Set.of(2), reconfiguration.state().barred());
        assertFalse(reconfiguration.overdue(1000, 1_000_000));
        reconfiguration.accuse(2, new byte[] {4}, 0);
        reconfiguration.accuse(3, new byte[] {5}, 0);
        assertFalse(reconfiguration.hasWork(), "f are barred");
    }

    /** It would reach one replica alone, while proofs are told to all. */
    @Test
    void anAccusationIsNotACommandToGive() {
        SignedCommand accusation = CommandCodec.accuse(1, new Command.Accuse(2, new byte[] {1}));
        reconfiguration.submit(accusation, true, 0);
        assertEquals(List.of(), outbox.drain());
        reconfiguration.submit(accusation, false, 0);
        assertEquals(List.of(new ProtocolEffect.RefuseCommand(accusation, Refusal.WRONG_SIGNER)), outbox.drain());
        assertFalse(reconfiguration.hasWork());
    }

    @Test
    void largeAccusationsAreProposedOneAfterTheOther() {
        Membership ten = Members.of(10).membership();
        OrderedReconfiguration large = new OrderedReconfiguration(
                1, 200, new ReconfigurationStart(EpochHistory.of(ten), Cluster.initial(ten, 2)), outbox);
        for (int accused = 2; accused < 5; accused++) {
            large.accuse(accused, new byte[EvidenceCodec.MAX_PROOF_BYTES], 0);
        }
        assertEquals(1, large.takeForProposal().size());
        assertEquals(1, large.takeForProposal().size());
        assertEquals(1, large.takeForProposal().size());
        assertEquals(0, large.takeForProposal().size());
    }
}
