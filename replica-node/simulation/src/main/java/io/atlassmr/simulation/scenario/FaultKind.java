package io.atlassmr.simulation.scenario;

/** What can go wrong in a run without anybody lying. */
public enum FaultKind {
    /** Frames are lost. */
    LOSS,
    /** Frames take long. */
    DELAY,
    /** Frames arrive twice. */
    DUPLICATION,
    /** Frames overtake each other. */
    REORDERING,
    /** Two groups of nodes do not hear each other. */
    PARTITION,
    /** Some nodes do not hear some others, who hear them. */
    ONE_WAY_PARTITION,
    /** The leader is cut off, one way or both. */
    ISOLATED_LEADER,
    /** A process dies and starts again; what it wrote is there. */
    CRASH,
    /** A machine loses its power: of what was not synced, a part of the journal is left. Only with strict durability. */
    POWER_FAILURE,
    /** A machine loses its power right after a write. Only with strict durability. */
    CRASH_AT_WRITE,
    /** All machines die at once. */
    TOTAL_OUTAGE,
    /** Clocks run fast or slow and are wrong. */
    CLOCK_SKEW,
    /** A wall clock jumps. */
    CLOCK_JUMP,
    /** A process stands still for a while. */
    PAUSE,
    /** A disk has no room, its process stops. */
    DISK_FULL,
    /** A disk takes long to sync. */
    SLOW_DISK,
    /** A replica hands over its leadership, stops and starts again. */
    ORDERLY_STOP,
    /** A client is closed and opened again under the same identity. */
    CLIENT_RESTART,
    /** A client keeps to no rule. */
    LYING_CLIENT
}
