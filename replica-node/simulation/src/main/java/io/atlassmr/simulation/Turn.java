package io.atlassmr.simulation;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** What became of the membership in a run, and what happened meanwhile; counted beside faults. */
enum Turn {
    /** An epoch with a member more began. */
    JOINED,
    /** An epoch with a member less began. */
    LEFT,
    /** An epoch with a new member in the place of another began. */
    REPLACED,
    /** An epoch in which a member has another key began. */
    KEY_CHANGED,
    /** An epoch in which a member has other addresses began. */
    MOVED,
    /** A command was decided on and refused. */
    REFUSED_COMMANDS,
    /** A replica died that was admitted, or about to be a member. */
    CRASHES_OF_NEWCOMERS,
    /** A replica died that was about to be a member no longer. */
    CRASHES_OF_LEAVERS,
    /** Another member died between the decision on a change and the epoch that it begins. */
    CRASHES_IN_CHANGES,
    /** A replica entered an epoch while some replicas did not hear others. */
    CHANGES_WHILE_PARTED;

    /** What the beginning of an epoch did. */
    static Turn between(Epoch before, Epoch after) {
        Set<Integer> old = ids(before.membership());
        Set<Integer> now = ids(after.membership());
        if (old.size() != now.size()) {
            return old.size() < now.size() ? JOINED : LEFT;
        }
        if (!old.equals(now)) {
            return REPLACED;
        }
        boolean sameKeys = after.membership().members().stream()
                .allMatch(member -> before.membership()
                        .member(member.id())
                        .filter(known -> Arrays.equals(known.publicKey(), member.publicKey()))
                        .isPresent());
        return sameKeys ? MOVED : KEY_CHANGED;
    }

    private static Set<Integer> ids(Membership membership) {
        return membership.members().stream().map(Member::id).collect(Collectors.toSet());
    }
}
