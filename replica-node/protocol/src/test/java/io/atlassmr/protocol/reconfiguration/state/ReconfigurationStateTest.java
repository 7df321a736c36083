package io.atlassmr.protocol.reconfiguration.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.protocol.fixture.Cluster;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.VoteSignature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of commands at their delivery, in a cluster of five with a window of four; the scripts show how they get there. */
class ReconfigurationStateTest {

    private static final int WINDOW = 4;

    private ReconfigurationState state = Cluster.initial(Members.of(5).membership(), WINDOW);
    private long sequenceNumber;
    private long number;

    private static Decision decision(long sequenceNumber, Batch batch) {
        return new Decision(new Certificate(0, sequenceNumber, batch.digest(), List.of()), batch);
    }

    private void decide(Batch batch) {
        state = state.after(decision(++sequenceNumber, batch));
    }

    private Refusal decide(SignedCommand command) {
        decide(BatchCodec.encode(1000, false, List.of(), List.of(command)));
        return state.outcome(command.digest()).orElseThrow().refusal();
    }

    private SignedCommand command(char administrator, Command command) {
        return Cluster.sign(
                "tests", Cluster.key(administrator), ++number, state.current().number(), command);
    }

    private static Member member(int id) {
        return new Member(id, Members.key(id), "replica-" + id, 7000, 7001);
    }

    private SignedCommand join(int id, int... approvals) {
        List<VoteSignature> signatures = new ArrayList<>();
        for (int signer : approvals) {
            signatures.add(new VoteSignature(signer, new byte[64]));
        }
        return CommandCodec.join(
                state.current().number(),
                new Command.Join(id, state.admissions().get(id).command(), signatures));
    }

    private void endEpoch() {
        while (sequenceNumber + 1 < state.lastSequenceNumber()) {
            decide(BatchCodec.encode(1000, List.of()));
        }
        decide(BatchCodec.encodeLast(1000, state.next()));
    }

    @Test
    void aDecisionWithoutCommandsChangesNothing() {
        assertSame(state, state.after(decision(1, Bundles.batch(1, 1))));
    }

    @Test
    void anEpochEndsAWindowAfterItsChange() {
        assertNull(decide(command('B', new Command.Leave(0))));
        assertEquals(1, state.current().number());
        assertEquals(1 + WINDOW, state.lastSequenceNumber());

        endEpoch();
        assertEquals(2, state.current().number());
        assertEquals(5, state.current().base());
        assertFalse(state.current().membership().contains(0));
        assertEquals(Long.MAX_VALUE, state.lastSequenceNumber());
    }

    @Test
    void theLastPlaceOfAnEpochIsForItsSuccessorAlone() {
        Batch ordinary = Bundles.batch(1, 1);
        assertTrue(state.allows(1, ordinary));
        assertNull(decide(command('A', new Command.Leave(0))));
        Batch last = BatchCodec.encodeLast(1000, state.next());

        assertTrue(state.allows(4, ordinary));
        assertFalse(state.allows(4, last));
        assertTrue(state.allows(5, last));
        assertFalse(state.allows(5, ordinary));
        assertFalse(state.allows(5, Batch.NOOP));
        assertFalse(state.allows(5, BatchCodec.encodeLast(1000, state.current())));
        assertFalse(state.allows(6, ordinary));
        assertFalse(state.allows(6, last));
    }

    @Test
    void aLastPlaceThatBeginsNothingBreaksThePromiseOfAQuorum() {
        assertNull(decide(command('A', new Command.Leave(0))));
        sequenceNumber = 4;

        assertThrows(IllegalStateException.class, () -> decide(Batch.NOOP));
    }

    @Test
    void aJoinTakesAQuorumOfApprovalsOfThisEpoch() {
        assertNull(decide(command('B', new Command.Admit(member(5), 2000, Command.Admit.NOBODY))));
        assertEquals(Refusal.NO_QUORUM, decide(join(5, 0, 1, 2)));
        assertEquals(Refusal.NO_QUORUM, decide(join(5, 0, 1, 2, 2)));
        assertEquals(Refusal.NO_QUORUM, decide(join(5, 0, 1, 2, 7)));
        assertEquals(Refusal.NO_QUORUM, decide(join(5, 3, 2, 1, 0)));
        SignedCommand join = join(5, 0, 1, 2, 3);
        assertNull(decide(join));
        endEpoch();
        assertTrue(state.current().membership().contains(5));

        // Once more it is a stranger's: there is no admission for it.
        ReconfigurationState before = state;
        decide(BatchCodec.encode(1000, false, List.of(), List.of(join)));
        assertEquals(before.current(), state.current());
        assertNull(state.next());
    }

    @Test
    void anOldJoinDoesNotServeANewAdmission() {
        assertNull(decide(command('B', new Command.Admit(member(5), 2000, Command.Admit.NOBODY))));
        SignedCommand old = join(5, 0, 1, 2, 3);
        assertNull(decide(command('B', new Command.Withdraw(5))));
        assertNull(decide(command('B', new Command.Admit(member(5), 2000, Command.Admit.NOBODY))));

        decide(BatchCodec.encode(1000, false, List.of(), List.of(old)));
        assertTrue(state.outcome(old.digest()).isEmpty());
        assertNull(state.next());
    }

    @Test
    void ofTwoThatAreAdmittedEitherMayJoinFirst() {
        assertNull(decide(command('B', new Command.Admit(member(5), 2000, Command.Admit.NOBODY))));
        assertNull(decide(command('B', new Command.Admit(member(6), 2000, Command.Admit.NOBODY))));
        assertNull(decide(join(6, 0, 1, 2, 3)));
        endEpoch();

        assertNull(decide(join(5, 0, 1, 2, 6)));
        endEpoch();
        assertEquals(
                List.of(0, 1, 2, 3, 4, 5, 6),
                state.current().membership().members().stream().map(Member::id).toList());
        assertNull(decide(command('A', new Command.Leave(6))));
        endEpoch();
        assertEquals(Refusal.REUSED_ID, decide(command('B', new Command.Admit(member(6), 2000, Command.Admit.NOBODY))));
    }

    @Test
    void anIdIsNeverUsedAgain() {
        assertNull(decide(command('A', new Command.Leave(4))));
        endEpoch();
        assertEquals(
                Refusal.REUSED_ID,
                decide(command(
                        'A',
                        new Command.Admit(
                                new Member(4, Members.key(9), "elsewhere", 7000, 7001), 2000, Command.Admit.NOBODY))));
    }

    @Test
    void anAdmissionEndsAtItsTime() {
        assertNull(decide(command('A', new Command.Admit(member(5), 1500, Command.Admit.NOBODY))));
        decide(BatchCodec.encode(1499, List.of()));
        assertEquals(1, state.admissions().size());
        decide(BatchCodec.encode(1500, List.of()));
        assertEquals(0, state.admissions().size());
    }

    @Test
    void anOldCommandIsNotDoneAgain() {
        SignedCommand admission = command('A', new Command.Admit(member(5), 2000, Command.Admit.NOBODY));
        assertNull(decide(admission));
        assertNull(decide(command('A', new Command.Withdraw(5))));
        for (int i = 0; i < ReconfigurationState.MAX_OUTCOMES; i++) {
            decide(command('B', new Command.Withdraw(5)));
        }

        assertEquals(Refusal.REPEATED, decide(admission));
        assertEquals(0, state.admissions().size());
    }

    @Test
    void aStrangersCommandLeavesNoTrace() {
        SignedCommand strange = command('Z', new Command.Leave(1));
        decide(BatchCodec.encode(1000, false, List.of(), List.of(strange)));
        assertEquals(List.of(), state.outcomes());
    }

    @Test
    void rolesAreGrantedAndRevokedByOwners() {
        assertEquals(Refusal.WRONG_SIGNER, decide(command('B', new Command.Grant(Cluster.key('D'), Role.OWNER))));
        assertNull(decide(command('A', new Command.Grant(Cluster.key('D'), Role.OWNER))));
        assertNull(decide(command('D', new Command.Revoke(Cluster.key('A')))));
        assertEquals(Refusal.LAST_OWNER, decide(command('D', new Command.Revoke(Cluster.key('D')))));
    }

    @Test
    void aKeyIsNobodyElses() {
        SignedCommand rotation = Cluster.sign(
                "tests",
                PublicKey.of(Members.key(2)),
                1,
                1,
                new Command.RotateKey(2, PublicKey.of(Members.key(3)), new byte[64]));
        assertEquals(Refusal.DUPLICATE_KEY, decide(rotation));
    }

    @Test
    void aStateIsReadBack() throws MalformedMessageException {
        assertNull(decide(command('A', new Command.Admit(member(5), 2000, 3))));
        assertEquals(Refusal.UNKNOWN_ID, decide(command('B', new Command.Leave(9))));
        assertNull(decide(command('A', new Command.Leave(0))));

        var wire = ReconfigurationStateCodec.encode(state);
        assertEquals(state, ReconfigurationStateCodec.decode(wire));
        assertNotEquals(Cluster.initial(Members.of(5).membership(), WINDOW).digest(), state.digest());
        assertThrows(
                MalformedMessageException.class,
                () -> ReconfigurationStateCodec.decode(
                        wire.toBuilder().setWindow(0).build()));
        assertThrows(
                MalformedMessageException.class,
                () -> ReconfigurationStateCodec.decode(
                        wire.toBuilder().clearCurrent().build()));
    }
}
