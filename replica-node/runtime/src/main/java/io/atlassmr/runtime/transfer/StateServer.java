package io.atlassmr.runtime.transfer;

import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.frame.StateTransferFrames.StateRequest;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Gives peers the checkpoints that are kept here, on a thread of its own and no faster than a share of the bandwidth, so that
 * ordering goes on. Requests that find no room are dropped: the peer asks again.
 */
public final class StateServer {

    private static final Logger LOG = Logger.getLogger(StateServer.class);
    private static final int MAX_WAITING = 256;
    private static final long MAX_BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final StateAnswers answers;
    private final ReplicaNetworkNode network;
    private final long maxBytesPerSecond;
    private final ThreadPoolExecutor thread;
    private long paidUntilNanos = System.nanoTime();

    /**
     * @param lastDecided commit certificate of the newest decision, null if there is none
     * @param maxBytesPerSecond most bytes given to all peers together, at least 1
     */
    public StateServer(
            CheckpointStore store,
            Supplier<Certificate> lastDecided,
            ReplicaNetworkNode network,
            long maxBytesPerSecond) {
        this.answers = new StateAnswers(store, lastDecided);
        this.network = network;
        this.maxBytesPerSecond = maxBytesPerSecond;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().name("atlas-state-server").daemon().factory(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Answers a peer's request some time later. */
    public void serve(int to, StateRequest request) {
        thread.execute(() -> {
            try {
                answers.answer(to, request, this::send);
            } catch (IOException | RuntimeException e) {
                LOG.errorf(e, "cannot give replica %d what it asked for: %s", to, request);
            }
        });
    }

    private void send(int to, byte[] frame) {
        long nowNanos = System.nanoTime();
        paidUntilNanos =
                Math.max(paidUntilNanos, nowNanos - MAX_BURST_NANOS) + (long) (frame.length * 1e9 / maxBytesPerSecond);
        while (paidUntilNanos - System.nanoTime() > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, paidUntilNanos - System.nanoTime());
        }
        boolean _ = network.sendToReplica(to, TrafficClass.STATE_TRANSFER, frame);
    }

    /** Stops; what waits is not answered. */
    public void close() throws InterruptedException {
        thread.shutdownNow();
        boolean _ = thread.awaitTermination(1, TimeUnit.MINUTES);
    }
}
