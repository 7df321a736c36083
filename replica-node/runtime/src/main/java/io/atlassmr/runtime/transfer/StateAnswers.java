package io.atlassmr.runtime.transfer;

import io.atlassmr.protocol.checkpoint.CompactPage;
import io.atlassmr.protocol.checkpoint.Manifest;
import io.atlassmr.protocol.checkpoint.Part;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.runtime.checkpoint.CheckpointReader;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.frame.StateTransferFrames;
import io.atlassmr.runtime.frame.StateTransferFrames.OfferRequest;
import io.atlassmr.runtime.frame.StateTransferFrames.PagesRequest;
import io.atlassmr.runtime.frame.StateTransferFrames.PartsRequest;
import io.atlassmr.runtime.frame.StateTransferFrames.StateRequest;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What a replica answers to peers that ask for state. No thread. */
public final class StateAnswers {

    /** Sends a frame to a member. */
    @FunctionalInterface
    public interface Sender {
        void send(int to, byte[] frame);
    }

    private final CheckpointStore store;
    private final Supplier<Certificate> lastDecided;
    private final LongSupplier epoch;

    /**
     * @param lastDecided commit certificate of the newest decision, null if there is none
     * @param epoch the newest that is known here
     */
    public StateAnswers(CheckpointStore store, Supplier<Certificate> lastDecided, LongSupplier epoch) {
        this.epoch = epoch;
        this.store = store;
        this.lastDecided = lastDecided;
    }

    /** The request as requests for one item each. */
    public static List<StateRequest> singly(StateRequest request) {
        return switch (request) {
            case OfferRequest _ -> List.of(request);
            case PagesRequest(long sequenceNumber, var pages, long knownUpTo) ->
                pages.stream()
                        .<StateRequest>map(page -> new PagesRequest(sequenceNumber, List.of(page), knownUpTo))
                        .toList();
            case PartsRequest(long sequenceNumber, var indexes) ->
                indexes.stream()
                        .<StateRequest>map(index -> new PartsRequest(sequenceNumber, List.of(index)))
                        .toList();
        };
    }

    /** Whether what is asked for is here; false leads to one answer that says so. */
    boolean isKept(StateRequest request) {
        return switch (request) {
            case OfferRequest _ -> true;
            case PagesRequest(long sequenceNumber, var _, long _) -> store.at(sequenceNumber) != null;
            case PartsRequest(long sequenceNumber, var _) -> store.at(sequenceNumber) != null;
        };
    }

    /**
     * Answers a request.
     *
     * @throws IOException if a checkpoint cannot be read; what was sent before stays so
     */
    public void answer(int to, StateRequest request, Sender sender) throws IOException {
        switch (request) {
            case OfferRequest _ -> {
                CheckpointReader newest = store.newest();
                sender.send(
                        to,
                        newest == null
                                ? StateTransferFrames.offer(null, null, lastDecided.get(), epoch.getAsLong())
                                : StateTransferFrames.offer(
                                        newest.certificate(), newest.header(), lastDecided.get(), epoch.getAsLong()));
            }
            case PagesRequest(long sequenceNumber, var pages, long knownUpTo) -> {
                CheckpointReader checkpoint = kept(to, sequenceNumber, sender);
                for (int page : pages) {
                    if (checkpoint != null
                            && page >= 0
                            && page < checkpoint.manifest().pageCount()) {
                        sender.send(to, page(sequenceNumber, checkpoint.manifest(), page, knownUpTo));
                    }
                }
            }
            case PartsRequest(long sequenceNumber, var indexes) -> {
                CheckpointReader checkpoint = kept(to, sequenceNumber, sender);
                for (int index : indexes) {
                    if (checkpoint != null
                            && index >= 0
                            && index < checkpoint.manifest().parts().size()) {
                        if (!sendPart(to, checkpoint, index, sender)) {
                            return;
                        }
                    }
                }
            }
        }
    }

    private static byte[] page(long sequenceNumber, Manifest manifest, int page, long knownUpTo) {
        if (knownUpTo > 0) {
            CompactPage compact = CompactPage.of(manifest.partsOf(page), knownUpTo);
            if (compact.known().length > 0) {
                return StateTransferFrames.page(sequenceNumber, page, compact, manifest.path(page));
            }
        }
        return StateTransferFrames.page(sequenceNumber, page, manifest.page(page), manifest.path(page));
    }

    /** False if the checkpoint went away meanwhile, or is damaged, which is said then. */
    private boolean sendPart(int to, CheckpointReader checkpoint, int index, Sender sender) {
        long sequenceNumber = checkpoint.header().sequenceNumber();
        Part part = checkpoint.manifest().parts().get(index);
        byte[] content;
        try {
            content = checkpoint.read(part);
        } catch (IOException e) {
            if (store.at(sequenceNumber) != null) {
                store.damaged(sequenceNumber, e);
            }
            CheckpointReader _ = kept(to, sequenceNumber, sender);
            return false;
        }
        sender.send(to, StateTransferFrames.part(sequenceNumber, index, content));
        return true;
    }

    private CheckpointReader kept(int to, long sequenceNumber, Sender sender) {
        CheckpointReader checkpoint = store.at(sequenceNumber);
        if (checkpoint == null) {
            sender.send(to, StateTransferFrames.notKept(sequenceNumber));
        }
        return checkpoint;
    }
}
