package io.atlassmr.runtime.checkpoint;

class DivisibleCheckpointTransferTest extends CheckpointTransferContract {

    DivisibleCheckpointTransferTest() {
        super(StateKind.DIVISIBLE);
    }
}
