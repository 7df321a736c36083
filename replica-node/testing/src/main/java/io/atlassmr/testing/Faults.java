package io.atlassmr.testing;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who hears whom, and who lies, at this moment. Thread-safe. */
final class Faults {

    private final Map<Integer, Set<Misbehaviour>> liars = new ConcurrentHashMap<>();
    /** Those on one side; empty for no partition. */
    private volatile Set<Integer> side = Set.of();

    void partition(Set<Integer> replicas) {
        side = Set.copyOf(replicas);
    }

    void heal() {
        side = Set.of();
    }

    void lie(int replica, Misbehaviour how) {
        liars.compute(replica, (_, ways) -> {
            Set<Misbehaviour> more = ways == null ? EnumSet.noneOf(Misbehaviour.class) : EnumSet.copyOf(ways);
            more.add(how);
            return more;
        });
    }

    boolean lies(int replica, Misbehaviour how) {
        return liars.getOrDefault(replica, Set.of()).contains(how);
    }

    boolean isApart(int one, int other) {
        Set<Integer> apart = side;
        return apart.contains(one) != apart.contains(other);
    }

    /** Clients are with the larger side, or with the one that was not named. */
    boolean isApartFromClients(int replica) {
        return side.contains(replica);
    }
}
