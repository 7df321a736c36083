package io.atlassmr.protocol.message;

/** What an administrator may do; each role may do what those before it may. */
public enum Role {
    /** Look. */
    VIEWER,
    /** Admit, remove and move replicas. */
    OPERATOR,
    /** Say who else is an administrator. */
    OWNER;

    /** Whether this role may do what {@code needed} may. */
    public boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }
}
