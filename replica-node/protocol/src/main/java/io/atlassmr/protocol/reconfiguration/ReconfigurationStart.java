package io.atlassmr.protocol.reconfiguration;

import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;

/**
 * What a replica remembers of its cluster at start.
 *
 * @param epochs all that it has proofs of; may reach beyond the state
 * @param state after the last decision in the log
 */
public record ReconfigurationStart(EpochHistory epochs, ReconfigurationState state) {

    public ReconfigurationStart {
        if (epochs.of(state.current().number()).filter(state.current()::equals).isEmpty()) {
            throw new IllegalArgumentException("the epochs that are remembered end at "
                    + epochs.latest().number() + ", the state is in " + state.current());
        }
    }
}
