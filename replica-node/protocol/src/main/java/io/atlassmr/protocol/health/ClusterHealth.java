package io.atlassmr.protocol.health;

import io.atlassmr.protocol.membership.Quorum;
import java.util.List;

/**
 * How the cluster looks from one replica, by what it hears of its peers. Another may see something else.
 *
 * @param faultBudget how many more members may fail or lie before the cluster's promises end: f less those that are not sound;
 *     not below 0
 * @param members all members, ascending by id, the replica itself among them
 */
public record ClusterHealth(State state, int faultBudget, List<MemberHealth> members) {

    /** Before anything is known. */
    public static final ClusterHealth UNKNOWN = new ClusterHealth(State.NO_QUORUM, 0, List.of());

    /** How much may still go wrong. */
    public enum State {
        /** All members are sound. */
        HEALTHY,
        /** Some are not; others may still fail. */
        DEGRADED,
        /** No other may fail. */
        AT_RISK,
        /** Too few take part to decide anything. */
        NO_QUORUM
    }

    /**
     * One member.
     *
     * @param suspicion 0 for none to {@link PeerWatch#MAX_SUSPICION}; decays while it does well
     */
    public record MemberHealth(int id, MemberCondition condition, int suspicion) {}

    public ClusterHealth {
        members = List.copyOf(members);
    }

    /** What follows from the members' conditions. */
    public static ClusterHealth of(Quorum quorum, List<MemberHealth> members) {
        int unsound = 0;
        int takingPart = 0;
        for (MemberHealth member : members) {
            unsound += member.condition() == MemberCondition.SOUND ? 0 : 1;
            takingPart += member.condition().takesPart() ? 1 : 0;
        }
        int budget = Math.max(0, quorum.f() - unsound);
        State state;
        if (takingPart < quorum.size()) {
            state = State.NO_QUORUM;
        } else if (unsound == 0) {
            state = State.HEALTHY;
        } else {
            state = budget == 0 ? State.AT_RISK : State.DEGRADED;
        }
        return new ClusterHealth(state, budget, members);
    }
}
