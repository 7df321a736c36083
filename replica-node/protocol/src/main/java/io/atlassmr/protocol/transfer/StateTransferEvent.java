package io.atlassmr.protocol.transfer;

import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import java.util.List;

/** What happened to a state transfer. Contents are verified before they become events. */
public sealed interface StateTransferEvent {

    /** A peer told what it has. */
    record OfferReceived(int from, CheckpointOffer offer) implements StateTransferEvent {}

    /** A peer does not keep this checkpoint. */
    record NotKept(int from, long sequenceNumber) implements StateTransferEvent {}

    /** A page of the manifest is here. */
    record PageStored(int from, long sequenceNumber, int page) implements StateTransferEvent {}

    /** A peer sent a page in short that cannot be told from what is here: it is to be asked for again. */
    record PageUnresolved(int from, long sequenceNumber, int page) implements StateTransferEvent {}

    /**
     * What has to be fetched of pages that are here since this was last said.
     *
     * @param missing the parts that are not here yet, ascending by index
     */
    record PartsMissing(long sequenceNumber, List<MissingPart> missing) implements StateTransferEvent {}

    /**
     * The whole manifest is here, and all that has to be fetched was said.
     *
     * @param presentBytes bytes of the parts that were here already
     */
    record ManifestComplete(long sequenceNumber, long presentBytes) implements StateTransferEvent {}

    /** Parts are here. */
    record PartsStored(int from, long sequenceNumber, List<Integer> indexes) implements StateTransferEvent {}

    /** A peer sent a page or part that is not what the certificate vouches for. */
    record Refused(int from, long sequenceNumber, String what) implements StateTransferEvent {}

    /**
     * The state is in place and executed up to here.
     *
     * @param reconfiguration what the members agree on about themselves there
     */
    record Installed(long sequenceNumber, long lastExecuted, ReconfigurationState reconfiguration)
            implements StateTransferEvent {}

    /** This replica could not keep or install the state; the reason is its own, not a peer's. */
    record Failed(long sequenceNumber, String reason) implements StateTransferEvent {}

    /** A part that has to be fetched. */
    record MissingPart(int index, int sizeBytes) {}
}
