package io.atlassmr.runtime.transfer;

import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.transfer.StateTransferEvent.MissingPart;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.checkpoint.Staging;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.execution.Installation;
import io.atlassmr.runtime.frame.StateTransferFrames.PageContent;
import io.atlassmr.runtime.frame.StateTransferFrames.PartContent;
import io.atlassmr.runtime.frame.StateTransferFrames.StateContent;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Gathers a checkpoint on a thread of its own: checks and writes what peers give, and reports to the protocols. What is given
 * faster than it can be written is dropped beyond a bound, and asked for again.
 */
public final class StateGathering {

    private static final Logger LOG = Logger.getLogger(StateGathering.class);
    private static final long MAX_WAITING_BYTES = 64L << 20;
    private static final long ITEM_BYTES = 128;
    private static final long SYNC_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private sealed interface Task {}

    private record Begin(Certificate certificate, CheckpointHeader header) implements Task {}

    private record Content(int from, StateContent content, long sizeBytes) implements Task {}

    private record Install(long sequenceNumber, long replayTo) implements Task {}

    private record Stop() implements Task {}

    private final CheckpointStore store;
    private final Executor executor;
    private final Installation.DecisionReader log;
    private final Consumer<StateTransferEvent> events;
    private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Thread thread;
    private Certificate certificate;
    private Staging staging;
    private boolean manifestReported;
    private long syncedNanos;

    /**
     * @param log gives decisions to execute again above a checkpoint
     * @param events told what happened; must take every event
     */
    public StateGathering(
            CheckpointStore store,
            Executor executor,
            Installation.DecisionReader log,
            Consumer<StateTransferEvent> events) {
        this.store = store;
        this.executor = executor;
        this.log = log;
        this.events = events;
        this.thread = Thread.ofPlatform().name("atlas-state-transfer").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Makes ready for this checkpoint; what was gathered for another one may be used again. */
    public void begin(Certificate of, CheckpointHeader header) {
        queue.add(new Begin(of, header));
    }

    /** A peer gives a page or a part. */
    public void give(int from, StateContent content) {
        long sizeBytes = ITEM_BYTES
                + switch (content) {
                    case PageContent page -> page.content().length;
                    case PartContent part -> part.content().length;
                };
        if (waitingBytes.addAndGet(sizeBytes) > MAX_WAITING_BYTES) {
            waitingBytes.addAndGet(-sizeBytes);
            return;
        }
        queue.add(new Content(from, content, sizeBytes));
    }

    /** Puts the gathered checkpoint in place, and executes the log's decisions above it up to {@code replayTo}. */
    public void install(long sequenceNumber, long replayTo) {
        queue.add(new Install(sequenceNumber, replayTo));
    }

    private void run() {
        try {
            while (true) {
                switch (queue.take()) {
                    case Begin(Certificate of, CheckpointHeader header) -> guarded(() -> open(of, header));
                    case Content(int from, StateContent content, long sizeBytes) -> {
                        waitingBytes.addAndGet(-sizeBytes);
                        if (staging != null && content.sequenceNumber() == certificate.sequenceNumber()) {
                            guarded(() -> take(from, content));
                        }
                    }
                    case Install(long sequenceNumber, long replayTo) -> {
                        if (staging != null && sequenceNumber == certificate.sequenceNumber()) {
                            guarded(() -> putInPlace(replayTo));
                        }
                    }
                    case Stop _ -> {
                        closeStaging();
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "the state transfer fails here and starts over");
            closeStaging();
            events.accept(new StateTransferEvent.Failed(certificate.sequenceNumber(), e.toString()));
        }
    }

    private void open(Certificate of, CheckpointHeader header) throws IOException {
        closeStaging();
        certificate = of;
        manifestReported = false;
        staging = store.stage(header);
        syncedNanos = System.nanoTime();
    }

    private void take(int from, StateContent content) throws IOException {
        long s = certificate.sequenceNumber();
        switch (content) {
            case PageContent(long _, int page, byte[] bytes, var path) -> {
                String refusal = staging.addPage(page, bytes, path);
                events.accept(
                        refusal == null
                                ? new StateTransferEvent.PageStored(from, s, page)
                                : new StateTransferEvent.Refused(from, s, refusal));
                if (staging.hasManifest() && !manifestReported) {
                    manifestReported = true;
                    reportMissing(s);
                }
            }
            case PartContent(long _, int index, byte[] bytes) -> {
                String refusal = staging.addPart(index, bytes);
                if (System.nanoTime() - syncedNanos >= SYNC_INTERVAL_NANOS) {
                    staging.sync();
                    syncedNanos = System.nanoTime();
                }
                events.accept(
                        refusal == null
                                ? new StateTransferEvent.PartStored(from, s, index)
                                : new StateTransferEvent.Refused(from, s, refusal));
            }
        }
    }

    private void reportMissing(long sequenceNumber) throws IOException {
        List<MissingPart> missing = staging.missing();
        long missingBytes = missing.stream().mapToLong(MissingPart::sizeBytes).sum();
        LOG.infof(
                "checkpoint %d has %d parts of %d bytes, %d parts of %d bytes have to be answered",
                sequenceNumber,
                staging.header().partCount(),
                staging.header().sizeBytes(),
                missing.size(),
                missingBytes);
        events.accept(new StateTransferEvent.ManifestComplete(
                sequenceNumber, missing, staging.header().sizeBytes() - missingBytes));
    }

    private void putInPlace(long replayTo) throws IOException {
        store.adopt(staging, certificate);
        staging = null;
        executor.install(new Installation(store.source(certificate.sequenceNumber()), replayTo, log));
    }

    private void closeStaging() {
        if (staging != null) {
            staging.close();
            staging = null;
        }
    }

    /** Ends the thread; what is gathered stays for the next attempt. */
    public void close() throws InterruptedException {
        queue.add(new Stop());
        thread.join();
    }
}
