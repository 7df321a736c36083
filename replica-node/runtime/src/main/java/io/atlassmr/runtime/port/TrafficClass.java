package io.atlassmr.runtime.port;

/**
 * Kinds of traffic between replicas. Each has its own bounded queue to each peer and its own frame limit, so that bulk data
 * never delays a vote. The code is the class byte of a frame and its urgency: of what waits for a peer, the lowest code goes first.
 */
public enum TrafficClass {
    /** Votes, proposals, view transfer: small and urgent, but a proposal carries its batch. */
    PROTOCOL(1, 16 << 20),
    /** Forwarded client requests. */
    APPLICATION(2, 8 << 20),
    /** Membership changes and evidence. */
    RECONFIGURATION(3, 1 << 20),
    /** Decisions and state for replicas that lag: so much that all else goes before it. */
    STATE_TRANSFER(4, 32 << 20);

    private final int code;
    private final int maxFrameBytes;

    TrafficClass(int code, int maxFrameBytes) {
        this.code = code;
        this.maxFrameBytes = maxFrameBytes;
    }

    /** The class byte on the wire. */
    public int code() {
        return code;
    }

    /** The largest payload of a frame in bytes. */
    public int maxFrameBytes() {
        return maxFrameBytes;
    }
}
