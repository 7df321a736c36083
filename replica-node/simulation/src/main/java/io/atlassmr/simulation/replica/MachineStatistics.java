package io.atlassmr.simulation.replica;

import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.transfer.StateTransferEvent;

/** What happened to one machine in a run. */
public final class MachineStatistics {

    long crashes;
    long crashesAtWrite;
    long lostWrites;
    long tornWrites;
    long refusedFrames;
    long installedViews;
    long installs;
    long checkpoints;
    long wipes;
    long partsFetched;
    long transfersContinued;
    long contentsRefused;
    long failedTransfers;
    long peersDropped;
    long crashesAsNewcomer;
    long crashesAsLeaver;
    long crashesInChange;
    long changesWhileParted;

    void count(ProtocolEvent event) {
        if (event instanceof ProtocolEvent.Transfer(StateTransferEvent transfer)) {
            switch (transfer) {
                case StateTransferEvent.PartsStored stored ->
                    partsFetched += stored.indexes().size();
                case StateTransferEvent.Refused _ -> contentsRefused++;
                case StateTransferEvent.Failed _ -> failedTransfers++;
                case StateTransferEvent.ManifestComplete complete ->
                    transfersContinued += complete.presentBytes() > 0 ? 1 : 0;
                case StateTransferEvent.OfferReceived _,
                        StateTransferEvent.NotKept _,
                        StateTransferEvent.PageStored _,
                        StateTransferEvent.PageUnresolved _,
                        StateTransferEvent.PartsMissing _,
                        StateTransferEvent.Installed _ -> {}
            }
        }
    }

    void countCrash(int id, ReconfigurationState known) {
        boolean member = known.current().membership().contains(id);
        if (known.next() == null) {
            crashesAsNewcomer += !member && known.admissions().containsKey(id) ? 1 : 0;
        } else if (!known.next().membership().contains(id)) {
            crashesAsLeaver += member ? 1 : 0;
        } else if (member) {
            crashesInChange++;
        } else {
            crashesAsNewcomer++;
        }
    }

    /** Processes that died as an admitted newcomer, or while the epoch in which it votes was about to begin. */
    public long crashesAsNewcomer() {
        return crashesAsNewcomer;
    }

    /** Processes that died while an epoch without the replica was about to begin. */
    public long crashesAsLeaver() {
        return crashesAsLeaver;
    }

    /** Processes of a member that died while another epoch with it was about to begin. */
    public long crashesInChange() {
        return crashesInChange;
    }

    /** Epochs entered while some replicas did not hear others. */
    public long changesWhileParted() {
        return changesWhileParted;
    }

    /** Processes that died. */
    public long crashes() {
        return crashes;
    }

    /** Processes that died right after a write. */
    public long crashesAtWrite() {
        return crashesAtWrite;
    }

    /** Writes lost in power failures. */
    public long lostWrites() {
        return lostWrites;
    }

    /** Power failures that left half a write. */
    public long tornWrites() {
        return tornWrites;
    }

    /** Frames that were not believed. */
    public long refusedFrames() {
        return refusedFrames;
    }

    /** States taken over from peers. */
    public long installs() {
        return installs;
    }

    /** Times that everything was lost. */
    public long wipes() {
        return wipes;
    }

    /** Parts of states that peers gave. */
    public long partsFetched() {
        return partsFetched;
    }

    /** Times that a manifest was complete and some of its parts were at hand already. */
    public long transfersContinued() {
        return transfersContinued;
    }

    /** Pages and parts that were not what their certificate vouches for. */
    public long contentsRefused() {
        return contentsRefused;
    }

    /** Transfers that failed here and began anew. */
    public long failedTransfers() {
        return failedTransfers;
    }

    /** Peers that were given up in a transfer. */
    public long peersDropped() {
        return peersDropped;
    }

    /** Checkpoints that became stable. */
    public long checkpoints() {
        return checkpoints;
    }

    /** Views entered. */
    public long installedViews() {
        return installedViews;
    }
}
