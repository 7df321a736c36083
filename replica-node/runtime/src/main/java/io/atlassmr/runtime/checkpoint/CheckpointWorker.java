package io.atlassmr.runtime.checkpoint;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.runtime.execution.StateCapture;
import io.atlassmr.runtime.log.StorageCondition.Use;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Writes checkpoints on a thread of its own, so that taking one does not stop execution. One that cannot be written is skipped: the
 * others' suffice, and the next one may succeed.
 */
public final class CheckpointWorker {

    private static final Logger LOG = Logger.getLogger(CheckpointWorker.class);
    private static final int MAX_WAITING = 4;

    /** Told, on the worker's thread, that a checkpoint is on disk. */
    public interface Taken {
        void onCheckpointTaken(long sequenceNumber, Digest digest);
    }

    private sealed interface Task {}

    private record Save(StateCapture capture) implements Task {}

    private record Keep(Certificate certificate, long oldestKept) implements Task {}

    private record Stop() implements Task {}

    private final CheckpointStore store;
    private final Taken taken;
    private final ReplicaMetrics metrics;
    private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger captures = new AtomicInteger();
    private final Thread thread;

    public CheckpointWorker(CheckpointStore store, Taken taken, ReplicaMetrics metrics) {
        this.store = store;
        this.taken = taken;
        this.metrics = metrics;
        this.thread = Thread.ofPlatform().name("atlas-checkpoint").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Writes the capture and closes it; skips it if too many wait. */
    public void save(StateCapture capture) {
        if (captures.incrementAndGet() > MAX_WAITING) {
            captures.decrementAndGet();
            capture.close();
            LOG.warnf("checkpoint %d is skipped, %d wait to be written", capture.sequenceNumber(), MAX_WAITING);
            return;
        }
        queue.add(new Save(capture));
    }

    /** A checkpoint is stable: see {@link CheckpointStore#stable}. */
    public void keep(Certificate certificate, long oldestKept) {
        queue.add(new Keep(certificate, oldestKept));
    }

    private void run() {
        try {
            while (true) {
                switch (queue.take()) {
                    case Save(StateCapture capture) -> save(capture, System.nanoTime());
                    case Keep(Certificate certificate, long oldestKept) -> keepStable(certificate, oldestKept);
                    case Stop _ -> {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void save(StateCapture capture, long startNanos) {
        try (capture) {
            Digest digest = store.save(capture);
            store.condition().works(Use.CHECKPOINT);
            metrics.checkpointed(System.nanoTime() - startNanos);
            taken.onCheckpointTaken(capture.sequenceNumber(), digest);
        } catch (IOException | RuntimeException e) {
            store.condition().failed(Use.CHECKPOINT, e);
            LOG.warnf("checkpoint %d cannot be written and is skipped: %s", capture.sequenceNumber(), e);
        } finally {
            captures.decrementAndGet();
        }
    }

    private void keepStable(Certificate certificate, long oldestKept) {
        try {
            store.stable(certificate, oldestKept);
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "checkpoint %d is stable but cannot be kept", certificate.sequenceNumber());
        }
    }

    /** Does what waits, and ends the thread. */
    public void close() throws InterruptedException {
        queue.add(new Stop());
        thread.join();
    }
}
