package io.atlassmr.runtime.orchestrator;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * A bounded way into the orchestrator. Many producers; the orchestrator alone takes. What a full channel does is the
 * producer's choice of method: {@link #put} waits, {@link #offer} sheds and counts.
 */
final class Channel<T> {

    private final ArrayBlockingQueue<T> queue;
    private final WakeUp wakeUp;
    private final LongAdder shed = new LongAdder();
    private volatile boolean closed;

    Channel(int capacity, WakeUp wakeUp) {
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.wakeUp = wakeUp;
    }

    void put(T item) throws InterruptedException {
        putQuietly(item);
        wakeUp.signal();
    }

    /** As {@link #put}, and leaves it to the caller whether the orchestrator is to be woken for it. */
    void putQuietly(T item) throws InterruptedException {
        if (!closed) {
            queue.put(item);
        }
    }

    /** Nothing is taken any more: those who wait for room go on, and what is put is dropped. */
    void close() {
        closed = true;
        queue.clear();
    }

    boolean offer(T item) {
        if (queue.offer(item)) {
            wakeUp.signal();
            return true;
        }
        shed.increment();
        return false;
    }

    /** The next item, null if there is none. */
    T poll() {
        return queue.poll();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    int depth() {
        return queue.size();
    }

    long shedCount() {
        return shed.sum();
    }
}
