package io.atlassmr.protocol.membership;

/**
 * A membership and where it decides: every sequence number belongs to one epoch.
 *
 * @param base the last sequence number of the epoch before; 0 for the first
 */
public record Epoch(Membership membership, long base) {

    public Epoch {
        if (base < 0 || (base == 0) != (membership.epoch() == 1)) {
            throw new IllegalArgumentException("epoch " + membership.epoch() + " above " + base);
        }
    }

    /** The first epoch of a cluster. */
    public static Epoch first(Membership genesis) {
        return new Epoch(genesis, 0);
    }

    /** Its number, from 1. */
    public long number() {
        return membership.epoch();
    }
}
