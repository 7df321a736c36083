package io.atlassmr.runtime.preprocessing;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs work of many senders on a few threads: in order for each sender, in turn among them, so that one who floods delays
 * itself alone. Thread-safe.
 */
final class FairLanes<K> {

    private static final int TURN = 16;

    /** Most pieces of work, and most bytes of them, that wait. */
    record Bound(int count, long sizeBytes) {
        static final Bound NONE = new Bound(Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    private record Waiting(Runnable work, int sizeBytes) {}

    private final Bound ofSender;
    private final Bound ofAll;
    private final ThreadPoolExecutor threads;
    /** A sender has a lane here exactly while the lane waits for a thread or runs. */
    private final ConcurrentHashMap<K, Lane> lanes = new ConcurrentHashMap<>();

    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong sizeBytes = new AtomicLong();

    FairLanes(String name, int threadCount, Bound ofSender, Bound ofAll) {
        this.ofSender = ofSender;
        this.ofAll = ofAll;
        this.threads = new ThreadPoolExecutor(
                threadCount,
                threadCount,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(name, 0).daemon().factory());
    }

    /** Queues work that must not throw; false if the sender, or all together, have too much waiting. */
    boolean submit(K sender, int workBytes, Runnable work) {
        if (count.get() >= ofAll.count() || sizeBytes.get() + workBytes > ofAll.sizeBytes()) {
            return false;
        }
        boolean[] taken = {false};
        lanes.compute(sender, (_, existing) -> {
            Lane lane = existing == null ? new Lane(sender) : existing;
            taken[0] = lane.offer(new Waiting(work, workBytes));
            return existing == null && !schedule(lane) ? null : lane;
        });
        return taken[0];
    }

    private boolean schedule(Lane lane) {
        try {
            threads.execute(lane);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    /** Pieces of work that wait. */
    int depth() {
        return count.get();
    }

    /** Stops at once; work that waits is dropped. */
    void close() {
        threads.shutdownNow();
    }

    private final class Lane implements Runnable {
        private final K sender;
        /** Guarded by the map's lock of this sender, like the bytes. */
        private final ArrayDeque<Waiting> queue = new ArrayDeque<>();

        private long laneBytes;

        Lane(K sender) {
            this.sender = sender;
        }

        boolean offer(Waiting waiting) {
            if (queue.size() >= ofSender.count()
                    || (!queue.isEmpty() && laneBytes + waiting.sizeBytes() > ofSender.sizeBytes())) {
                return false;
            }
            queue.add(waiting);
            laneBytes += waiting.sizeBytes();
            count.incrementAndGet();
            sizeBytes.addAndGet(waiting.sizeBytes());
            return true;
        }

        private Waiting poll() {
            Waiting next = queue.poll();
            if (next != null) {
                laneBytes -= next.sizeBytes();
                count.decrementAndGet();
                sizeBytes.addAndGet(-next.sizeBytes());
            }
            return next;
        }

        @Override
        public void run() {
            boolean empty = false;
            try {
                for (int i = 0; i < TURN && !empty; i++) {
                    Waiting[] next = {null};
                    lanes.computeIfPresent(sender, (_, lane) -> {
                        next[0] = lane.poll();
                        return next[0] == null ? null : lane;
                    });
                    empty = next[0] == null;
                    if (!empty) {
                        next[0].work().run();
                    }
                }
            } finally {
                // After an Error, too: a lane that neither waits nor runs would mute its sender.
                if (!empty && !schedule(this)) {
                    lanes.remove(sender);
                }
            }
        }
    }
}
