package io.atlassmr.runtime.port;

/** The kinds of records a {@link PersistentLog} keeps apart. Names are stored: they never change. */
public enum RecordFamily {
    /** Facts about the store itself: schema version, cluster, replica, start marks. */
    META,
    /** Batches, by sequence number; overwritten when another view proposes another batch. */
    BATCHES,
    /** This replica's votes, by sequence number and kind. */
    VOTES,
    /** Decisions with their commit certificates, by sequence number. */
    DECISIONS,
    /** The view this replica is in, and the proof of it. */
    VIEWS,
    /** Certificates of stable checkpoints, by sequence number. */
    CHECKPOINTS,
    /** Proofs of misbehaviour, by arrival. */
    EVIDENCE,
    /** The decisions that began epochs, by number of the epoch; never pruned. */
    EPOCHS
}
