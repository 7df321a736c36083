package io.atlassmr.protocol.session;

/**
 * Bounds of the sessions; part of what all replicas agree on, so the same at all of them.
 *
 * @param windowNumbers how far apart the outstanding numbers of a client may be
 * @param maxSessions most clients remembered at once
 * @param maxReplyBytes most bytes of replies remembered for one client
 * @param lifetimeMillis how far a bundle's time may be from the agreed time
 */
public record SessionLimits(int windowNumbers, int maxSessions, int maxReplyBytes, long lifetimeMillis) {

    /** 1024 numbers, 10,000 clients, 1 MiB each, five minutes. */
    public static SessionLimits defaults() {
        return new SessionLimits(1024, 10_000, 1 << 20, 300_000);
    }
}
