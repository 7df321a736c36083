package io.atlassmr.runtime.transfer;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.transfer.StateTransferEvent.MissingPart;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.checkpoint.Staging;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.execution.Installation;
import io.atlassmr.runtime.frame.StateTransferFrames.CompactPageContent;
import io.atlassmr.runtime.frame.StateTransferFrames.PageContent;
import io.atlassmr.runtime.frame.StateTransferFrames.PartContent;
import io.atlassmr.runtime.frame.StateTransferFrames.PartsContent;
import io.atlassmr.runtime.frame.StateTransferFrames.StateContent;
import io.atlassmr.runtime.log.StorageCondition.Use;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Checks and writes what peers give of a checkpoint, and reports to the protocols. One thread at a time. */
public final class StateGatherer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(StateGatherer.class);
    /** What is fetched meanwhile may have to be fetched again after a power failure. */
    private static final long SYNC_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final CheckpointStore store;
    private final Executor executor;
    private final Installation.DecisionReader log;
    private final Consumer<StateTransferEvent> events;
    private Certificate certificate;
    private Staging staging;
    private boolean manifestReported;
    /** Of the pages that came. */
    private int missingParts;

    private long missingBytes;
    private long syncedNanos;
    /** How often in a row what is gathered was of no use here. */
    private int failuresInUse;

    /**
     * @param log gives decisions to execute again above a checkpoint
     * @param events told what happened; must take every event
     */
    public StateGatherer(
            CheckpointStore store,
            Executor executor,
            Installation.DecisionReader log,
            Consumer<StateTransferEvent> events) {
        this.store = store;
        this.executor = executor;
        this.log = log;
        this.events = events;
    }

    /** Makes ready for this checkpoint; what was gathered for another one may be used again. */
    public void begin(Certificate of, CheckpointHeader header) {
        guarded(of.sequenceNumber(), () -> open(of, header));
    }

    /**
     * A peer gives a page or parts.
     *
     * @param partDigests of the content
     */
    public void take(int from, StateContent content, List<Digest> partDigests) {
        if (staging != null && content.sequenceNumber() == certificate.sequenceNumber()) {
            guarded(content.sequenceNumber(), () -> keep(from, content, partDigests));
        }
    }

    /** Puts the gathered checkpoint in place, and executes the log's decisions above it up to {@code replayTo}. */
    public void install(long sequenceNumber, long replayTo) {
        if (staging != null && sequenceNumber == certificate.sequenceNumber()) {
            guarded(sequenceNumber, () -> putInPlace(replayTo));
        }
    }

    /** Lets go; what is gathered stays for the next attempt. */
    @Override
    public void close() {
        closeStaging();
    }

    private interface Work {
        void run() throws IOException;
    }

    /**
     * What uses all that was gathered. Where that fails a second time, for example because an application cannot go on with
     * what a damaged disk left of an earlier attempt, the next attempt begins from nothing.
     */
    private void using(Work work) throws IOException {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            closeStaging();
            failuresInUse++;
            if (failuresInUse > 1) {
                failuresInUse = 0;
                store.discardGathered();
            }
            throw e;
        }
    }

    private void guarded(long sequenceNumber, Work work) {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            store.condition().failed(Use.STATE_TRANSFER, e);
            LOG.warnf("the transfer of checkpoint %d fails here and starts over: %s", sequenceNumber, e);
            closeStaging();
            events.accept(new StateTransferEvent.Failed(sequenceNumber, e.toString()));
        }
    }

    private void open(Certificate of, CheckpointHeader header) throws IOException {
        closeStaging();
        certificate = of;
        manifestReported = false;
        missingParts = 0;
        missingBytes = 0;
        staging = store.stage(header);
        syncedNanos = System.nanoTime();
    }

    private void keep(int from, StateContent content, List<Digest> partDigests) throws IOException {
        long s = certificate.sequenceNumber();
        switch (content) {
            case PageContent(long _, int page, byte[] bytes, var path) -> {
                String refusal = staging.addPage(page, bytes, path);
                events.accept(
                        refusal == null
                                ? new StateTransferEvent.PageStored(from, s, page)
                                : new StateTransferEvent.Refused(from, s, refusal));
                reportMissing(s);
            }
            case CompactPageContent(long _, int page, var compact, var path) -> {
                events.accept(
                        switch (staging.addPage(from, page, compact, path)) {
                            case STORED -> new StateTransferEvent.PageStored(from, s, page);
                            case UNRESOLVED -> new StateTransferEvent.PageUnresolved(from, s, page);
                            case REFUSED ->
                                new StateTransferEvent.Refused(from, s, "page " + page + " is of no use again");
                        });
                reportMissing(s);
            }
            case PartsContent(long _, var parts) -> {
                List<Integer> stored = new ArrayList<>();
                String refusal = null;
                for (int i = 0; i < parts.size(); i++) {
                    PartContent part = parts.get(i);
                    refusal = staging.addPart(part.index(), part.content(), partDigests.get(i));
                    if (refusal != null) {
                        break;
                    }
                    stored.add(part.index());
                }
                if (System.nanoTime() - syncedNanos >= SYNC_INTERVAL_NANOS) {
                    staging.sync();
                    store.condition().works(Use.STATE_TRANSFER);
                    syncedNanos = System.nanoTime();
                }
                if (!stored.isEmpty()) {
                    events.accept(new StateTransferEvent.PartsStored(from, s, stored));
                }
                if (refusal != null) {
                    events.accept(new StateTransferEvent.Refused(from, s, refusal));
                }
            }
        }
    }

    private void reportMissing(long sequenceNumber) throws IOException {
        if (!manifestReported) {
            using(() -> {
                List<MissingPart> missing = staging.missing();
                if (!missing.isEmpty()) {
                    missingParts += missing.size();
                    missingBytes +=
                            missing.stream().mapToLong(MissingPart::sizeBytes).sum();
                    events.accept(new StateTransferEvent.PartsMissing(sequenceNumber, missing));
                }
            });
            if (staging.hasManifest()) {
                manifestReported = true;
                reportManifest(sequenceNumber);
            }
        }
    }

    private void reportManifest(long sequenceNumber) {
        LOG.infof(
                "checkpoint %d has %d parts of %d bytes, %d parts of %d bytes had to be fetched",
                sequenceNumber, staging.header().partCount(), staging.header().sizeBytes(), missingParts, missingBytes);
        events.accept(new StateTransferEvent.ManifestComplete(
                sequenceNumber, staging.header().sizeBytes() - missingBytes));
    }

    private void putInPlace(long replayTo) throws IOException {
        using(() -> store.adopt(staging, certificate));
        staging = null;
        failuresInUse = 0;
        store.condition().works(Use.STATE_TRANSFER);
        executor.install(new Installation(store.source(certificate.sequenceNumber()), replayTo, log));
    }

    private void closeStaging() {
        if (staging != null) {
            staging.close();
            staging = null;
        }
    }
}
