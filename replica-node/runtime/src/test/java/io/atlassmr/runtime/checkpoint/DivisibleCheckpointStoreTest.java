package io.atlassmr.runtime.checkpoint;

class DivisibleCheckpointStoreTest extends CheckpointStoreContract {

    DivisibleCheckpointStoreTest() {
        super(StateKind.DIVISIBLE);
    }
}
