package io.atlassmr.runtime.transfer;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Gives peers the checkpoints that are kept here, on a thread of its own and no faster than a share of the bandwidth, so that
 * ordering goes on. Peers are served in turn, so that one that asks for everything delays the others by its share alone. Requests
 * that find no room are dropped: the peer asks again.
 */
public final class StateServer {

    private static final Logger LOG = Logger.getLogger(StateServer.class);
    private static final int MAX_WAITING_PER_PEER = 1024;
    private static final long MAX_BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** One frame that a peer waits for. */
    private sealed interface Wanted {}

    private record Offer() implements Wanted {}

    private record Page(long sequenceNumber, int index) implements Wanted {}

    private record Content(long sequenceNumber, int index) implements Wanted {}

    private final CheckpointStore store;
    private final Supplier<Certificate> lastDecided;
    private final ReplicaNetworkNode network;
    private final long maxBytesPerSecond;
    private final ThreadPoolExecutor thread;
    /** What each peer waits for, the one whose turn it is first. Guarded by itself. */
    private final LinkedHashMap<Integer, ArrayDeque<Wanted>> lanes = new LinkedHashMap<>();

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
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("atlas-state-server").daemon().factory(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Answers a peer's request some time later. */
    public void serve(int to, StateRequest request) {
        List<Wanted> wanted = new ArrayList<>();
        switch (request) {
            case OfferRequest _ -> wanted.add(new Offer());
            case PagesRequest(long sequenceNumber, var pages) ->
                pages.forEach(page -> wanted.add(new Page(sequenceNumber, page)));
            case PartsRequest(long sequenceNumber, var indexes) ->
                indexes.forEach(index -> wanted.add(new Content(sequenceNumber, index)));
        }
        synchronized (lanes) {
            ArrayDeque<Wanted> lane = lanes.get(to);
            int waiting = lane == null ? 0 : lane.size();
            if (wanted.isEmpty() || waiting + wanted.size() > MAX_WAITING_PER_PEER) {
                return;
            }
            lanes.computeIfAbsent(to, _ -> new ArrayDeque<>()).addAll(wanted);
        }
        wanted.forEach(_ -> thread.execute(this::serveNext));
    }

    private void serveNext() {
        int to;
        Wanted wanted;
        synchronized (lanes) {
            if (lanes.isEmpty()) {
                return;
            }
            Map.Entry<Integer, ArrayDeque<Wanted>> lane = lanes.pollFirstEntry();
            to = lane.getKey();
            wanted = lane.getValue().poll();
            if (!lane.getValue().isEmpty()) {
                lanes.putLast(to, lane.getValue());
            }
        }
        try {
            switch (wanted) {
                case Offer _ -> sendOffer(to);
                case Page(long sequenceNumber, int index) -> sendPage(to, sequenceNumber, index);
                case Content(long sequenceNumber, int index) -> sendPart(to, sequenceNumber, index);
                case null -> {}
            }
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "cannot give replica %d what it asked for: %s", to, wanted);
        }
    }

    private void sendOffer(int to) {
        CheckpointReader newest = store.newest();
        send(
                to,
                newest == null
                        ? StateTransferFrames.offer(null, null, lastDecided.get())
                        : StateTransferFrames.offer(newest.certificate(), newest.header(), lastDecided.get()));
    }

    private void sendPage(int to, long sequenceNumber, int page) {
        CheckpointReader checkpoint = store.at(sequenceNumber);
        if (checkpoint == null) {
            sendNotKept(to, sequenceNumber);
        } else if (page >= 0 && page < checkpoint.manifest().pageCount()) {
            send(
                    to,
                    StateTransferFrames.page(
                            sequenceNumber,
                            page,
                            checkpoint.manifest().page(page),
                            checkpoint.manifest().path(page)));
        }
    }

    private void sendPart(int to, long sequenceNumber, int index) throws IOException {
        CheckpointReader checkpoint = store.at(sequenceNumber);
        if (checkpoint == null) {
            sendNotKept(to, sequenceNumber);
        } else if (index >= 0 && index < checkpoint.manifest().parts().size()) {
            byte[] content;
            try {
                content = checkpoint.read(checkpoint.manifest().parts().get(index));
            } catch (IOException e) {
                if (store.at(sequenceNumber) != null) {
                    throw e;
                }
                sendNotKept(to, sequenceNumber);
                return;
            }
            send(to, StateTransferFrames.part(sequenceNumber, index, content));
        }
    }

    /** Says so once for all that the peer waits for of this checkpoint. */
    private void sendNotKept(int to, long sequenceNumber) {
        synchronized (lanes) {
            ArrayDeque<Wanted> lane = lanes.get(to);
            if (lane != null) {
                lane.removeIf(wanted -> switch (wanted) {
                    case Offer _ -> false;
                    case Page(long of, int _) -> of == sequenceNumber;
                    case Content(long of, int _) -> of == sequenceNumber;
                });
                if (lane.isEmpty()) {
                    lanes.remove(to);
                }
            }
        }
        send(to, StateTransferFrames.notKept(sequenceNumber));
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
