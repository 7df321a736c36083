package io.atlassmr.simulation;

/** What faults did, counted beside their kinds. */
enum Damage {
    LOST_FRAMES,
    CUT_FRAMES,
    DUPLICATED_FRAMES,
    REORDERED_FRAMES,
    REFUSED_FRAMES,
    LOST_WRITES,
    TORN_WRITE,
    STABLE_CHECKPOINTS,
    INSTALLED_STATES
}
