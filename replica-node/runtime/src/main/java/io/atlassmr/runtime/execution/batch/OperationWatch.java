package io.atlassmr.runtime.execution.batch;

import io.atlassmr.api.OrderedContext;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Knows which operations run, and for how long. An operation that takes longer than the deadline is told, and never ended:
 * whether it takes longer differs between replicas, so nothing that is replicated may follow from it. Thread-safe.
 */
public final class OperationWatch {

    private final long deadlineNanos;
    private final LongSupplier nanoClock;
    private final List<Slot> slots = new CopyOnWriteArrayList<>();
    private final ThreadLocal<Slot> own = ThreadLocal.withInitial(this::newSlot);
    private final AtomicLong slowOperations = new AtomicLong();

    /** What a thread runs; written by that thread alone. */
    private static final class Slot {
        volatile Running running;
    }

    private record Running(OrderedContext context, long sinceNanos) {}

    /**
     * An operation that runs for longer than the deadline.
     *
     * @param context which operation it is
     * @param millis how long it has been running
     */
    public record Overdue(OrderedContext context, long millis) {

        /** For a person. */
        public String describe() {
            return "operation " + context.indexInBatch() + " of decision " + context.sequenceNumber() + ", of client "
                    + context.clientId() + ", has been running for " + millis + " ms";
        }
    }

    /** @param deadlineMillis at least 1 */
    public OperationWatch(long deadlineMillis) {
        this(deadlineMillis, System::nanoTime);
    }

    OperationWatch(long deadlineMillis, LongSupplier nanoClock) {
        this.deadlineNanos = TimeUnit.MILLISECONDS.toNanos(deadlineMillis);
        this.nanoClock = nanoClock;
    }

    private Slot newSlot() {
        Slot slot = new Slot();
        slots.add(slot);
        return slot;
    }

    /** The calling thread begins an operation. */
    public void begin(OrderedContext context) {
        own.get().running = new Running(context, nanoClock.getAsLong());
    }

    /** The operation of the calling thread has ended; returns how long it took. */
    public long end() {
        Slot slot = own.get();
        Running ended = slot.running;
        if (ended == null) {
            throw new IllegalStateException("no operation was begun");
        }
        slot.running = null;
        long nanos = nanoClock.getAsLong() - ended.sinceNanos();
        if (nanos > deadlineNanos) {
            slowOperations.incrementAndGet();
        }
        return nanos;
    }

    /** The operation that has been running longest, if that is longer than the deadline. */
    public Optional<Overdue> overdue() {
        long now = nanoClock.getAsLong();
        return slots.stream()
                .flatMap(slot -> Optional.ofNullable(slot.running).stream())
                .filter(each -> now - each.sinceNanos() > deadlineNanos)
                .min(Comparator.comparingLong(Running::sinceNanos))
                .map(each -> new Overdue(each.context(), TimeUnit.NANOSECONDS.toMillis(now - each.sinceNanos())));
    }

    /** Operations that have ended and took longer than the deadline, so far. */
    public long slowOperations() {
        return slowOperations.get();
    }
}
