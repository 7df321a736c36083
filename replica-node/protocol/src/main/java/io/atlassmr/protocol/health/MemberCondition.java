package io.atlassmr.protocol.health;

/** How a member looks from here. From {@link #RECOVERING} on it does not take part. */
public enum MemberCondition {
    /** Takes part, and nothing speaks against it. */
    SOUND,
    /** Takes part, slowly or badly. Not proven: the network may be to blame. */
    SUSPECTED,
    /** Takes part, and is proven to lie. */
    LIAR,
    /** Fetches what it lacks, or may not vote yet. */
    RECOVERING,
    /** Connected, and says nothing. */
    MUTE,
    /** Not connected. */
    DOWN;

    /** Whether it can be counted for a quorum. */
    public boolean takesPart() {
        return this == SOUND || this == SUSPECTED || this == LIAR;
    }
}
