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
    /** The disk of a log has no room for a while. */
    DISK_FULL,
    /** A disk takes long to sync. */
    SLOW_DISK,
    /** A replica hands over its leadership, stops and starts again. */
    ORDERLY_STOP,
    /** A client is closed and opened again under the same identity. */
    CLIENT_RESTART,
    /** A client keeps to no rule. */
    LYING_CLIENT,
    /** Links carry few bytes a second. */
    SLOW_LINK,
    /** A machine is gone for so long that the others forget what it has missed. */
    LONG_ABSENCE,
    /** Machines lose all that they wrote, as many at once as may be wrong at all. */
    WIPED_DISK,
    /** A byte of a decision, a batch, a vote or a view changes on the disk of a machine. */
    CORRUPT_LOG,
    /** A byte of the newest checkpoint changes on the disk of a machine. */
    CORRUPT_SNAPSHOT,
    /** A byte of the newest certificate of a checkpoint changes on the disk of a machine. */
    CORRUPT_CERTIFICATE,
    /** A process dies in the middle of a transfer of state. */
    CRASH_IN_TRANSFER,
    /** The disk that takes a state has no room any more in the middle of its transfer. */
    FULL_DISK_IN_TRANSFER,
    /** Administrators change the membership: replicas join, leave, are replaced, get new keys and addresses. */
    MEMBERSHIP_CHANGE,
    /** A replica leaves leading and clients to others for a while. */
    DRAIN,
    /** An administrator changes when checkpoints are taken and how many are kept. */
    CHECKPOINT_POLICY
}
