package io.atlassmr.transport.frame;

import java.util.ArrayDeque;
import java.util.Optional;

/**
 * What waits to be sent on one connection: a bounded queue for each class, the lowest class first. A frame that does not fit
 * is refused; what is queued stays. Thread-safe.
 */
public final class OutboundQueues {

    /** A frame on its way out. */
    public record Frame(int frameClass, byte[] payload) {}

    private final FrameLimits limits;
    private final int maxFrames;
    private final long maxBytes;
    private final Queue[] queues = new Queue[FrameLimits.MAX_CLASS + 1];
    private boolean closed;

    /**
     * @param maxFrames most frames in one queue
     * @param maxBytes most bytes in one queue; at least one frame fits, whatever its size
     */
    public OutboundQueues(FrameLimits limits, int maxFrames, long maxBytes) {
        this.limits = limits;
        this.maxFrames = maxFrames;
        this.maxBytes = maxBytes;
        for (int i = 0; i < queues.length; i++) {
            queues[i] = limits.knows(i) ? new Queue() : null;
        }
    }

    /** Queues the frame, or says why not. */
    public synchronized Optional<Drop> offer(int frameClass, byte[] payload) {
        if (!limits.allows(frameClass, payload.length)) {
            return Optional.of(Drop.NOT_SENDABLE);
        }
        if (closed) {
            return Optional.of(Drop.NOT_CONNECTED);
        }
        Queue queue = queues[frameClass];
        boolean fits = queue.frames.size() < maxFrames && queue.bytes + payload.length <= maxBytes;
        if (!fits && !queue.frames.isEmpty()) {
            return Optional.of(Drop.QUEUE_FULL);
        }
        queue.frames.add(payload);
        queue.bytes += payload.length;
        return Optional.empty();
    }

    /** Takes the oldest frame of the lowest class that has one; null if there is none. */
    public synchronized Frame poll() {
        for (int i = 0; i < queues.length; i++) {
            Queue queue = queues[i];
            if (queue != null && !queue.frames.isEmpty()) {
                byte[] payload = queue.frames.poll();
                queue.bytes -= payload.length;
                return new Frame(i, payload);
            }
        }
        return null;
    }

    /** Whether nothing waits. */
    public synchronized boolean isEmpty() {
        for (Queue queue : queues) {
            if (queue != null && !queue.frames.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Takes no more frames; those that are queued may still be polled. */
    public synchronized void close() {
        closed = true;
    }

    private static final class Queue {
        private final ArrayDeque<byte[]> frames = new ArrayDeque<>();
        private long bytes;
    }
}
