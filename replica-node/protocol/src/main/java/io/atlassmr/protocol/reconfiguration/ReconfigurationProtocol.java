package io.atlassmr.protocol.reconfiguration;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.ordering.EpochEnd;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import java.util.List;

/** Changes of the membership, agreed on in the total order. Single-threaded; effects go to the outbox it was made with. */
public interface ReconfigurationProtocol extends EpochEnd {

    /** Whom the replica knows at the moment. */
    Roster roster();

    /** What the members agree on about themselves after the last delivery. */
    ReconfigurationState state();

    /** The epochs whose beginning is decided here, or proven. */
    EpochHistory epochs();

    /** The epoch that the next decision belongs to. */
    default Epoch current() {
        return state().current();
    }

    /**
     * Takes a command with good signatures, to have it decided.
     *
     * @param forwarded whether another replica told it on
     */
    void submit(SignedCommand command, boolean forwarded, long nowMillis);

    /**
     * Has it decided that a member lied in the current epoch; whoever holds the proof does.
     *
     * @param proof verified, in its canonical form
     */
    void accuse(int member, byte[] proof, long nowMillis);

    /** The commands that a batch proposed now should have; they count as proposed. */
    List<SignedCommand> takeForProposal();

    /** Whether there is anything that a leader should propose: a command, or what is left of an epoch that ends. */
    boolean hasWork();

    /** Whether a leader that does its part would propose something: of what only this replica may know yet nothing counts. */
    boolean leaderOwes();

    /** Whether a command has waited longer than this for its decision. */
    boolean overdue(long timeoutMillis, long nowMillis);

    /** Another leader proposes from now on, or the proposals of this one did not lead to decisions. */
    void proposeAgain();

    /** The decision is next in the total order. */
    void delivered(Decision decision);

    /** The state was replaced by a later one. */
    void installed(ReconfigurationState later);

    /** A new epoch's agreement has begun here. */
    void entered();

    /** A peer knows epochs up to this one. */
    void heard(int peer, long epoch, long nowMillis);

    /** Takes decisions that begin epochs; verified. */
    void learn(List<Decision> links);

    /** A replica with this id asks to join. */
    void receiveRequest(Signed<JoinRequest> request, JoinConditions conditions, long nowMillis);

    /** A member approves of a newcomer. */
    void receiveApproval(Signed<JoinApproval> approval);

    /** Says again what got no answer. */
    void repeat(JoinConditions conditions);

    /**
     * Where this replica stands, for a join.
     *
     * @param lastDelivered the newest decision here
     * @param complete whether it lacks nothing that it knows of
     */
    record JoinConditions(long lastDelivered, boolean complete) {}
}
