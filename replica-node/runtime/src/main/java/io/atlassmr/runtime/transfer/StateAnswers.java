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
import io.atlassmr.runtime.frame.StateTransferFrames.PartContent;
import io.atlassmr.runtime.frame.StateTransferFrames.PartsRequest;
import io.atlassmr.runtime.frame.StateTransferFrames.StateRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What a replica answers to peers that ask for state. No thread. */
public final class StateAnswers {

    /** Of parts in one frame: enough that the frame does not cost more than they do, few enough that others do not wait for it. */
    public static final int MAX_PARTS_BYTES = 256 << 10;

    /** Sends a frame to a member. */
    @FunctionalInterface
    public interface Sender {
        void send(int to, byte[] frame);
    }

    private final CheckpointStore store;
    private final Supplier<Certificate> lastDecided;
    private final LongSupplier epoch;
    private final int maxPartsBytes;

    /**
     * @param lastDecided commit certificate of the newest decision, null if there is none
     * @param epoch the newest that is known here
     * @param maxPartsBytes most bytes of parts in one frame, but for a single part that is larger
     */
    public StateAnswers(
            CheckpointStore store, Supplier<Certificate> lastDecided, LongSupplier epoch, int maxPartsBytes) {
        this.epoch = epoch;
        this.store = store;
        this.lastDecided = lastDecided;
        this.maxPartsBytes = maxPartsBytes;
    }

    /** How many items a request asks for. */
    static int itemCount(StateRequest request) {
        return switch (request) {
            case OfferRequest _ -> 1;
            case PagesRequest(long _, var pages, long _) -> pages.size();
            case PartsRequest(long _, var indexes) -> indexes.size();
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
     * Answers a request as far as one frame goes.
     *
     * @return what is left of the request
     * @throws IOException if a checkpoint cannot be read; what was sent before stays so
     */
    public Optional<StateRequest> answer(int to, StateRequest request, Sender sender) throws IOException {
        return switch (request) {
            case OfferRequest _ -> {
                CheckpointReader newest = store.newest();
                sender.send(
                        to,
                        newest == null
                                ? StateTransferFrames.offer(null, null, lastDecided.get(), epoch.getAsLong())
                                : StateTransferFrames.offer(
                                        newest.certificate(), newest.header(), lastDecided.get(), epoch.getAsLong()));
                yield Optional.empty();
            }
            case PagesRequest(long sequenceNumber, var pages, long knownUpTo) -> {
                CheckpointReader checkpoint = kept(to, sequenceNumber, sender);
                if (checkpoint == null || pages.isEmpty()) {
                    yield Optional.empty();
                }
                int page = pages.getFirst();
                if (page >= 0 && page < checkpoint.manifest().pageCount()) {
                    sender.send(to, page(sequenceNumber, checkpoint.manifest(), page, knownUpTo));
                }
                yield pages.size() == 1
                        ? Optional.empty()
                        : Optional.of(new PagesRequest(sequenceNumber, pages.subList(1, pages.size()), knownUpTo));
            }
            case PartsRequest(long sequenceNumber, var indexes) -> {
                CheckpointReader checkpoint = kept(to, sequenceNumber, sender);
                yield checkpoint == null ? Optional.empty() : answerParts(to, checkpoint, indexes, sender);
            }
        };
    }

    private Optional<StateRequest> answerParts(
            int to, CheckpointReader checkpoint, List<Integer> indexes, Sender sender) {
        long sequenceNumber = checkpoint.header().sequenceNumber();
        List<Part> all = checkpoint.manifest().parts();
        List<PartContent> contents = new ArrayList<>();
        long sizeBytes = 0;
        int next = 0;
        for (; next < indexes.size(); next++) {
            int index = indexes.get(next);
            if (index >= 0 && index < all.size()) {
                Part part = all.get(index);
                sizeBytes += part.sizeBytes();
                if (!contents.isEmpty() && sizeBytes > maxPartsBytes) {
                    break;
                }
                try {
                    contents.add(new PartContent(index, checkpoint.read(part)));
                } catch (IOException e) {
                    // Gone away meanwhile, or damaged.
                    if (store.at(sequenceNumber) != null) {
                        store.damaged(sequenceNumber, e);
                    }
                    CheckpointReader _ = kept(to, sequenceNumber, sender);
                    return Optional.empty();
                }
            }
        }
        if (!contents.isEmpty()) {
            sender.send(to, StateTransferFrames.parts(sequenceNumber, contents));
        }
        return next == indexes.size()
                ? Optional.empty()
                : Optional.of(new PartsRequest(sequenceNumber, indexes.subList(next, indexes.size())));
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

    private CheckpointReader kept(int to, long sequenceNumber, Sender sender) {
        CheckpointReader checkpoint = store.at(sequenceNumber);
        if (checkpoint == null) {
            sender.send(to, StateTransferFrames.notKept(sequenceNumber));
        }
        return checkpoint;
    }
}
