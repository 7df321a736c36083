package io.atlassmr.runtime.execution;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.SnapshotApplication;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.batch.Answer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers reads on the last published snapshot, on threads of its own. A read sees the state after some batch, never one within a
 * batch. Reads that wait are bounded by a count. Thread-safe.
 */
final class UnorderedReaders {

    private static final int MAX_WAITING_READS = 8192;

    private record Read(ClientId clientId, long number, byte[] operation, long atLeast, long expiresNanos) {}

    /** A snapshot, open for as long as somebody holds it. Holders are counted under the lock. */
    private static final class Published {
        final long version;
        final SnapshotApplication.Snapshot snapshot;
        int holders = 1;

        Published(long version, SnapshotApplication.Snapshot snapshot) {
            this.version = version;
            this.snapshot = snapshot;
        }
    }

    private final ExecutionListener listener;
    private final long patienceNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition readable = lock.newCondition();
    private final ArrayDeque<Read> ready = new ArrayDeque<>();
    private final ArrayDeque<Read> waiting = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private Published published;
    private boolean closing;
    private boolean failed;

    UnorderedReaders(int threadCount, long patienceMillis, ExecutionListener listener) {
        this.listener = listener;
        this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        for (int i = 1; i <= threadCount; i++) {
            threads.add(Thread.ofPlatform().daemon().name("atlas-reads-" + i).unstarted(this::run));
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Reads see this snapshot from now on; it is closed once nobody does. */
    void publish(long version, SnapshotApplication.Snapshot snapshot) {
        lock.lock();
        try {
            release(published);
            published = new Published(version, snapshot);
            boolean answerable = false;
            for (Iterator<Read> each = waiting.iterator(); each.hasNext(); ) {
                Read read = each.next();
                if (read.atLeast() <= version) {
                    each.remove();
                    ready.add(read);
                    answerable = true;
                }
            }
            if (answerable) {
                readable.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Answers a read at this version or a later one; false if too many wait. */
    boolean submit(ClientId clientId, long number, byte[] operation, long atLeast) {
        lock.lock();
        try {
            if (ready.size() + waiting.size() >= MAX_WAITING_READS) {
                return false;
            }
            Read read = new Read(clientId, number, operation, atLeast, System.nanoTime() + patienceNanos);
            boolean isReady = published != null && atLeast <= published.version;
            (isReady ? ready : waiting).add(read);
            readable.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private sealed interface Work {}

    private record Answerable(Read read, Published state) implements Work {}

    private record Expired(Read read) implements Work {}

    private record Nothing() implements Work {}

    private void run() {
        while (true) {
            switch (next()) {
                case Answerable(Read read, Published state) -> answer(read, state);
                case Expired(Read read) -> listener.onUnorderedUnavailable(read.clientId(), read.number());
                case Nothing _ -> {
                    return;
                }
            }
        }
    }

    /** Waits for work; nothing once there will be none. */
    private Work next() {
        lock.lock();
        try {
            while (true) {
                if (!ready.isEmpty() && !failed) {
                    published.holders++;
                    return new Answerable(ready.poll(), published);
                }
                // All have the same patience, so those that came first expire first.
                Read first = waiting.peek();
                if (first != null && System.nanoTime() - first.expiresNanos() >= 0) {
                    return new Expired(waiting.poll());
                }
                if (closing || failed) {
                    return new Nothing();
                }
                if (first == null) {
                    readable.await();
                } else {
                    long _ = readable.awaitNanos(first.expiresNanos() - System.nanoTime());
                }
            }
        } catch (InterruptedException e) {
            // Nobody interrupts these threads but to end them.
            return new Nothing();
        } finally {
            lock.unlock();
        }
    }

    private void answer(Read read, Published state) {
        try {
            UnorderedContext context = new UnorderedContext(state.version, read.clientId());
            Reply reply = Answer.of(
                    read.number(), state.version, () -> state.snapshot.executeUnordered(read.operation(), context));
            listener.onUnordered(read.clientId(), reply);
        } catch (RuntimeException | Error e) {
            fail(e);
        } finally {
            lock.lock();
            try {
                release(state);
            } finally {
                lock.unlock();
            }
        }
    }

    private void fail(Throwable reason) {
        boolean isFirst;
        lock.lock();
        try {
            isFirst = !failed;
            failed = true;
            readable.signalAll();
        } finally {
            lock.unlock();
        }
        if (isFirst) {
            listener.onFatal(reason);
        }
    }

    /** With the lock. */
    private static void release(Published state) {
        if (state != null && --state.holders == 0) {
            state.snapshot.close();
        }
    }

    /**
     * Answers what can be answered, and ends the threads.
     *
     * @param graceMillis how long a read may still run
     */
    void close(long graceMillis) throws InterruptedException {
        lock.lock();
        try {
            closing = true;
            readable.signalAll();
        } finally {
            lock.unlock();
        }
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMillis);
        for (Thread thread : threads) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            thread.join(Math.max(1, leftMillis));
        }
        lock.lock();
        try {
            release(published);
            published = null;
            ready.clear();
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }
}
