package io.atlassmr.runtime.transfer;

import io.atlassmr.protocol.checkpoint.Part;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.runtime.checkpoint.CheckpointReader;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.frame.StateTransferFrames;
import io.atlassmr.runtime.frame.StateTransferFrames.OfferRequest;
import io.atlassmr.runtime.frame.StateTransferFrames.PagesRequest;
import io.atlassmr.runtime.frame.StateTransferFrames.PartsRequest;
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

    private final CheckpointStore store;
    private final Supplier<Certificate> lastDecided;
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
        this.store = store;
        this.lastDecided = lastDecided;
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
                answer(to, request);
            } catch (IOException | RuntimeException e) {
                LOG.errorf(e, "cannot give replica %d what it asked for: %s", to, request);
            }
        });
    }

    private void answer(int to, StateRequest request) throws IOException {
        switch (request) {
            case OfferRequest _ -> {
                CheckpointReader newest = store.newest();
                send(
                        to,
                        newest == null
                                ? StateTransferFrames.offer(null, null, lastDecided.get())
                                : StateTransferFrames.offer(newest.certificate(), newest.header(), lastDecided.get()));
            }
            case PagesRequest(long sequenceNumber, var pages) -> {
                CheckpointReader checkpoint = kept(to, sequenceNumber);
                for (int page : pages) {
                    if (checkpoint != null
                            && page >= 0
                            && page < checkpoint.manifest().pageCount()) {
                        send(
                                to,
                                StateTransferFrames.page(
                                        sequenceNumber,
                                        page,
                                        checkpoint.manifest().page(page),
                                        checkpoint.manifest().path(page)));
                    }
                }
            }
            case PartsRequest(long sequenceNumber, var indexes) -> {
                CheckpointReader checkpoint = kept(to, sequenceNumber);
                for (int index : indexes) {
                    if (checkpoint != null
                            && index >= 0
                            && index < checkpoint.manifest().parts().size()) {
                        Part part = checkpoint.manifest().parts().get(index);
                        send(to, StateTransferFrames.part(sequenceNumber, index, checkpoint.read(part)));
                    }
                }
            }
        }
    }

    private CheckpointReader kept(int to, long sequenceNumber) {
        CheckpointReader checkpoint = store.at(sequenceNumber);
        if (checkpoint == null) {
            send(to, StateTransferFrames.notKept(sequenceNumber));
        }
        return checkpoint;
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
