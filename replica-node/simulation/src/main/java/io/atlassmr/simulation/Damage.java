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
    OVERFLOWED_LINKS,
    REFUSED_CONTENTS,
    DROPPED_PEERS,
    CONTINUED_TRANSFERS,
    INSTALLED_STATES,
    REFUSED_OPERATIONS
}
