package io.atlassmr.transport.frame;

import java.util.Arrays;
import java.util.Map;

/** The frame classes that a connection carries and the most payload bytes of each. Immutable. */
public final class FrameLimits {

    /** Largest class code; codes start from 1, as 0 is the transport's own. */
    public static final int MAX_CLASS = 31;

    /** The class of frames between clients and replicas. */
    public static final int CLIENT_CLASS = 16;

    /** Frames between clients and replicas: class {@value #CLIENT_CLASS} with at most 8 MiB. */
    public static final FrameLimits CLIENT = of(Map.of(CLIENT_CLASS, 8 << 20));

    /** The transport's own class, below all others: welcome and pings. */
    public static final int CONTROL_CLASS = 0;

    static final int CONTROL_PAYLOAD_BYTES = 1;

    private static final int ABSENT = -1;
    private static final int LARGEST_PAYLOAD_BYTES = 1 << 30;

    private final int[] maxPayloadBytes;

    private FrameLimits(int[] maxPayloadBytes) {
        this.maxPayloadBytes = maxPayloadBytes;
    }

    /**
     * @param maxPayloadBytesByClass limits, from 0 to 1 GiB, by class code, from 1 to {@value #MAX_CLASS}
     * @throws IllegalArgumentException for a code or a limit out of range, or if there is none
     */
    public static FrameLimits of(Map<Integer, Integer> maxPayloadBytesByClass) {
        if (maxPayloadBytesByClass.isEmpty()) {
            throw new IllegalArgumentException("frame limits need at least one class");
        }
        int[] limits = new int[MAX_CLASS + 1];
        Arrays.fill(limits, ABSENT);
        limits[CONTROL_CLASS] = CONTROL_PAYLOAD_BYTES;
        maxPayloadBytesByClass.forEach((code, limit) -> {
            if (code < 1 || code > MAX_CLASS || limit < 0 || limit > LARGEST_PAYLOAD_BYTES) {
                throw new IllegalArgumentException("frame class " + code + " with a limit of " + limit
                        + " bytes; allowed are classes 1 to " + MAX_CLASS + " with 0 to " + LARGEST_PAYLOAD_BYTES);
            }
            limits[code] = limit;
        });
        return new FrameLimits(limits);
    }

    /** Whether frames of the class are spoken here. */
    public boolean knows(int frameClass) {
        return frameClass >= 0 && frameClass <= MAX_CLASS && maxPayloadBytes[frameClass] != ABSENT;
    }

    /** Whether a payload of this size may be sent in the class; never for the transport's own. */
    boolean allows(int frameClass, int payloadBytes) {
        return frameClass != CONTROL_CLASS && knows(frameClass) && payloadBytes <= maxPayloadBytes[frameClass];
    }

    /** The most payload bytes of a class that is known. */
    int maxPayloadBytes(int frameClass) {
        return maxPayloadBytes[frameClass];
    }

    /** The most payload bytes of any class. */
    int largestPayloadBytes() {
        return Arrays.stream(maxPayloadBytes).max().orElseThrow();
    }
}
