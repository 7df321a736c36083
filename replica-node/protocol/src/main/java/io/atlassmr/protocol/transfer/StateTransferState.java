package io.atlassmr.protocol.transfer;

/** How far a state transfer is. */
public sealed interface StateTransferState {

    /** Nothing to do. */
    record NotRunning() implements StateTransferState {}

    /** Asks peers for a checkpoint. */
    record Seeking() implements StateTransferState {}

    /** Fetches the manifest. */
    record FetchingManifest(long sequenceNumber, int pagesDone, int pages) implements StateTransferState {}

    /** Fetches parts; bytes and parts that were here before count as done. */
    record FetchingParts(long sequenceNumber, int partsDone, int parts, long bytesDone, long bytes)
            implements StateTransferState {}

    /** Puts the state in place. */
    record Installing(long sequenceNumber) implements StateTransferState {}
}
