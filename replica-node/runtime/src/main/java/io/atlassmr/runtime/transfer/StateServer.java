package io.atlassmr.runtime.transfer;

import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.frame.StateTransferFrames.StateRequest;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Gives peers the checkpoints that are kept here, on a thread of its own and no faster than a share of the bandwidth, so that
 * ordering goes on. Peers are served in turn, so that one that asks for everything delays the others by its share alone. Requests
 * that find no room are dropped: the peer asks again.
 */
public final class StateServer {

    private static final Logger LOG = Logger.getLogger(StateServer.class);
    /** Items, in whatever number of requests. */
    private static final int MAX_WAITING_PER_PEER = 1024;

    private static final long MAX_BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final StateAnswers answers;
    private final ReplicaNetworkNode network;
    private final long maxBytesPerSecond;
    private final ThreadPoolExecutor thread;
    /** What each peer waits for, the peer whose turn it is first: a turn is a frame. Guarded by itself. */
    private final LinkedHashMap<Integer, ArrayDeque<StateRequest>> lanes = new LinkedHashMap<>();

    private long paidUntilNanos = System.nanoTime();

    /**
     * @param lastDecided commit certificate of the newest decision, null if there is none
     * @param epoch the newest that is known here
     * @param maxBytesPerSecond most bytes given to all peers together, at least 1
     */
    public StateServer(
            CheckpointStore store,
            Supplier<Certificate> lastDecided,
            LongSupplier epoch,
            ReplicaNetworkNode network,
            long maxBytesPerSecond) {
        this.answers = new StateAnswers(store, lastDecided, epoch, StateAnswers.MAX_PARTS_BYTES);
        this.network = network;
        this.maxBytesPerSecond = maxBytesPerSecond;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("atlas-state-server").daemon().factory(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Answers a peer's request some time later. */
    public void serve(int to, StateRequest request) {
        int items = StateAnswers.itemCount(request);
        synchronized (lanes) {
            ArrayDeque<StateRequest> lane = lanes.get(to);
            int waiting = lane == null
                    ? 0
                    : lane.stream().mapToInt(StateAnswers::itemCount).sum();
            if (items == 0 || waiting + items > MAX_WAITING_PER_PEER) {
                return;
            }
            lanes.computeIfAbsent(to, _ -> new ArrayDeque<>()).add(request);
        }
        thread.execute(this::serveNext);
    }

    private void serveNext() {
        int to;
        StateRequest request;
        synchronized (lanes) {
            if (lanes.isEmpty()) {
                return;
            }
            Map.Entry<Integer, ArrayDeque<StateRequest>> lane = lanes.pollFirstEntry();
            to = lane.getKey();
            request = lane.getValue().remove();
            if (!answers.isKept(request)) {
                // It is said once.
                lane.getValue().removeIf(other -> !answers.isKept(other));
            }
            if (!lane.getValue().isEmpty()) {
                lanes.putLast(to, lane.getValue());
            }
        }
        try {
            answers.answer(to, request, this::send).ifPresent(rest -> {
                synchronized (lanes) {
                    lanes.computeIfAbsent(to, _ -> new ArrayDeque<>()).addFirst(rest);
                }
                thread.execute(this::serveNext);
            });
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "cannot give replica %d what it asked for: %s", to, request);
        }
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
