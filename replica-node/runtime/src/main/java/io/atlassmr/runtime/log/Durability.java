package io.atlassmr.runtime.log;

/** What a replica's records survive before it answers for them. */
public enum Durability {
    /** A power failure: every group of records is synced before a vote is sent or a reply given. */
    STRICT,
    /** A crash of the process: records are written at once and synced every 50 ms. */
    RELAXED,
    /** A crash of the process: records are written and never synced on purpose. */
    NONE
}
