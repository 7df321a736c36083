package io.atlassmr.protocol.ordering;

import io.atlassmr.protocol.message.Batch;

/** Where agreement within an epoch ends. Known once the change of membership is delivered that ends it. */
public interface EpochEnd {

    /** The last sequence number of the epoch, {@link Long#MAX_VALUE} while it is not known. */
    long lastSequenceNumber();

    /** Whether this batch may stand at this place of the epoch. Asked only of places at most a window above the last delivery. */
    boolean allows(long sequenceNumber, Batch batch);
}
