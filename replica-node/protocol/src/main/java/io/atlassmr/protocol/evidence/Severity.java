package io.atlassmr.protocol.evidence;

/** What a proof says about a member. */
public enum Severity {
    /**
     * It signed what a member that follows the protocol never signs, whatever it crashed through or lost: as long as its
     * durability is strict, or only its process and not its machine died. It leads no more.
     */
    LIE,
    /** It is not what the others are, which a broken disk, memory or a nondeterministic application can do to an honest one. */
    FAULT
}
