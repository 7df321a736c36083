package io.atlassmr.api;

import java.io.IOException;

/**
 * A state that can be copied as it stands, without a checkpoint: what a {@link DivisibleState} needs to be checked for determinism,
 * since capturing it would change the versions of its parts. A {@link MonolithicState} is copied through its image and need not be
 * one.
 */
public interface CopyableState {

    /**
     * Brings another state to this one. Called between operations, so it should share structure or files rather than copy them.
     *
     * @param copy of the same kind, in its initial state; shares nothing afterwards that either of them changes
     * @throws IOException if it cannot be read or written
     */
    void copyTo(ReplicatedState copy) throws IOException;
}
