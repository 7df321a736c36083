package io.atlassmr.runtime.transfer;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.execution.Installation;
import io.atlassmr.runtime.frame.StateTransferFrames.StateContent;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Gathers a checkpoint on a thread of its own: checks and writes what peers give, and reports to the protocols. The digests that
 * it checks parts by are computed on the thread that gives them, so that two share the work. What is given faster than it can be
 * written is dropped beyond a bound, and asked for again.
 */
public final class StateGathering {

    private static final long MAX_WAITING_BYTES = 64L << 20;
    private static final long ITEM_BYTES = 128;

    private sealed interface Task {}

    private record Begin(Certificate certificate, CheckpointHeader header) implements Task {}

    private record Content(int from, StateContent content, List<Digest> partDigests, long sizeBytes) implements Task {}

    private record Install(long sequenceNumber, long replayTo) implements Task {}

    private record Stop() implements Task {}

    private final CheckpointStore store;
    private final StateGatherer gatherer;
    private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Thread thread;
    /** The checkpoint that is gathered, 0 before the first. */
    private volatile long begun;

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
        this.gatherer = new StateGatherer(store, executor, log, events);
        this.thread = Thread.ofPlatform().name("atlas-state-transfer").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** The newest checkpoint whose manifest is here, 0 for none; known at once. */
    public long manifestKnownUpTo() {
        return store.manifestKnownUpTo();
    }

    /** Makes ready for this checkpoint; what was gathered for another one may be used again. */
    public void begin(Certificate of, CheckpointHeader header) {
        begun = of.sequenceNumber();
        queue.add(new Begin(of, header));
    }

    /** A peer gives a page or parts; nothing is done for what belongs to another checkpoint. */
    public void give(int from, StateContent content) {
        if (content.sequenceNumber() != begun) {
            return;
        }
        long sizeBytes = ITEM_BYTES + content.sizeBytes();
        if (waitingBytes.addAndGet(sizeBytes) > MAX_WAITING_BYTES) {
            waitingBytes.addAndGet(-sizeBytes);
            return;
        }
        queue.add(new Content(from, content, content.partDigests(), sizeBytes));
    }

    /** Puts the gathered checkpoint in place, and executes the log's decisions above it up to {@code replayTo}. */
    public void install(long sequenceNumber, long replayTo) {
        queue.add(new Install(sequenceNumber, replayTo));
    }

    private void run() {
        try {
            while (true) {
                switch (queue.take()) {
                    case Begin(Certificate of, CheckpointHeader header) -> gatherer.begin(of, header);
                    case Content(int from, StateContent content, var partDigests, long sizeBytes) -> {
                        waitingBytes.addAndGet(-sizeBytes);
                        gatherer.take(from, content, partDigests);
                    }
                    case Install(long sequenceNumber, long replayTo) -> gatherer.install(sequenceNumber, replayTo);
                    case Stop _ -> {
                        gatherer.close();
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the thread; what is gathered stays for the next attempt. */
    public void close() throws InterruptedException {
        queue.add(new Stop());
        thread.join();
    }
}
