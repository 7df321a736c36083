package io.atlassmr.server.messaging;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Passes events on to a consumer that may be slow, without ever making the producer wait: what does not fit into the buffer
 * is dropped and counted. Its own thread turns items into events, as many as the consumer asks for. As long as nobody
 * subscribes, nothing is kept. Thread-safe.
 *
 * @param <T> what is offered
 * @param <E> what the consumer gets
 */
final class OutgoingFeed<T, E> implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(OutgoingFeed.class);

    private record Waiting<T>(T item, long bytes) {}

    private final String channel;
    private final int maxItems;
    private final long maxBytes;
    private final Function<T, E> toEvent;
    private final Thread pump;

    /** The consumer, null until there is one. */
    private volatile MultiEmitter<? super E> consumer;

    // Guarded by this, all below.
    private final Queue<Waiting<T>> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private long dropped;
    private boolean closed;

    /**
     * @param channel names the feed in logs and threads
     * @param maxItems most items that wait
     * @param maxBytes most bytes that wait; a single item may be larger
     */
    OutgoingFeed(String channel, int maxItems, long maxBytes, Function<T, E> toEvent) {
        this.channel = channel;
        this.maxItems = maxItems;
        this.maxBytes = maxBytes;
        this.toEvent = toEvent;
        this.pump = Thread.ofPlatform().name(channel).daemon().unstarted(this::run);
    }

    /** The events, for one subscriber. */
    Multi<E> events() {
        return Multi.createFrom()
                .emitter(
                        emitter -> {
                            emitter.onRequest(_ -> wake()).onTermination(() -> consumer = null);
                            consumer = emitter;
                            pump.start();
                        },
                        BackPressureStrategy.ERROR);
    }

    /** Takes the item if somebody listens and there is room. Never waits for the consumer. */
    void offer(T item, long bytes) {
        if (consumer == null) {
            return;
        }
        boolean first;
        synchronized (this) {
            if (closed) {
                return;
            }
            if (waiting.size() < maxItems && (waiting.isEmpty() || waitingBytes + bytes <= maxBytes)) {
                waiting.add(new Waiting<>(item, bytes));
                waitingBytes += bytes;
                notifyAll();
                return;
            }
            first = dropped++ == 0;
        }
        if (first) {
            LOG.warnf("the consumer of %s is too slow; what does not fit is dropped and counted", channel);
        }
    }

    /** How many items were dropped for want of room. */
    synchronized long dropped() {
        return dropped;
    }

    /** How many items wait. */
    synchronized int depth() {
        return waiting.size();
    }

    private synchronized void wake() {
        notifyAll();
    }

    private void run() {
        try {
            while (consumer != null) {
                T item = take();
                MultiEmitter<? super E> emitter = consumer;
                if (emitter != null) {
                    MultiEmitter<? super E> _ = emitter.emit(toEvent.apply(item));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized T take() throws InterruptedException {
        while (waiting.isEmpty() || !isAsked()) {
            wait();
        }
        Waiting<T> next = waiting.remove();
        waitingBytes -= next.bytes();
        return next.item();
    }

    private boolean isAsked() {
        MultiEmitter<? super E> emitter = consumer;
        return emitter != null && emitter.requested() > 0;
    }

    /** Ends the thread; what waits is not handed out. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            waiting.clear();
        }
        pump.interrupt();
    }
}
