package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.membership.Membership;
import java.util.TreeSet;

/**
 * Whether this replica leaves leading to others: because it is about to stop, or because it drains. One that drains leads all the same
 * if, as far as it knows, all others drain as well: they would pass leadership round for ever. Of what peers say only that is
 * believed; a liar that says it does not drain gets the leadership that it would get anyway.
 */
final class Drain {

    private final int self;
    private final TreeSet<Integer> draining = new TreeSet<>();
    private boolean stops;
    private boolean drains;

    Drain(int self) {
        this.self = self;
    }

    /** It is about to stop: for good. */
    void stop() {
        stops = true;
    }

    /** It drains from now on, or no longer. */
    void drain(boolean wish) {
        drains = wish;
    }

    /** A peer says whether it drains. */
    void heard(int peer, boolean peerDrains) {
        if (peerDrains) {
            draining.add(peer);
        } else {
            draining.remove(peer);
        }
    }

    /** Whether it would rather not lead. */
    boolean wishes() {
        return stops || drains;
    }

    /** Whether it does not lead these members. */
    boolean standsBack(Membership members) {
        return stops
                || (drains
                        && members.members().stream()
                                .anyMatch(member -> member.id() != self && !draining.contains(member.id())));
    }
}
