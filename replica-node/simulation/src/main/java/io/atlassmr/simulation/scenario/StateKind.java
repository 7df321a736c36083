package io.atlassmr.simulation.scenario;

import io.atlassmr.kv.InMemoryKvState;
import io.atlassmr.kv.KvState;
import io.atlassmr.simulation.state.PartedKvState;

/** How the state of the replicas of a run moves. */
public enum StateKind {
    /** As one stream. */
    MONOLITHIC,
    /** In parts. */
    DIVISIBLE;

    /** A state of this kind without entries. */
    public KvState create() {
        return switch (this) {
            case MONOLITHIC -> new InMemoryKvState();
            case DIVISIBLE -> new PartedKvState();
        };
    }
}
