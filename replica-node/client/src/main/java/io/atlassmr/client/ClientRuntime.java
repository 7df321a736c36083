package io.atlassmr.client;

import io.atlassmr.client.time.ClientClock;
import io.atlassmr.client.time.ClientScheduler;
import io.atlassmr.client.verification.VerifiedRoots;
import io.atlassmr.crypto.signature.SignatureVerifier;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all clients of a process share: one timer thread, one small pool that signs, verifies and runs the callers'
 * continuations, and the memory of signatures already verified. Clients are cheap beside it: open many on one runtime.
 * Thread-safe. Close the clients first.
 */
public final class ClientRuntime implements AutoCloseable {

    // A replica's roots of the last few seconds; beyond them a repeated check costs time, nothing else.
    private static final int VERIFIED_ROOTS_PER_REPLICA = 1024;

    private final SignatureVerifier verifier;
    private final ClientClock clock;
    private final ClientScheduler scheduler;
    private final Executor executor;
    private final Runnable onClose;
    private final VerifiedRoots verifiedRoots = new VerifiedRoots(VERIFIED_ROOTS_PER_REPLICA);

    private ClientRuntime(
            SignatureVerifier verifier,
            ClientClock clock,
            ClientScheduler scheduler,
            Executor executor,
            Runnable onClose) {
        this.verifier = Objects.requireNonNull(verifier);
        this.clock = Objects.requireNonNull(clock);
        this.scheduler = Objects.requireNonNull(scheduler);
        this.executor = Objects.requireNonNull(executor);
        this.onClose = onClose;
    }

    /** A runtime with threads of its own, at most two that compute. */
    public static ClientRuntime start(SignatureVerifier verifier) {
        return start(verifier, Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 2));
    }

    /**
     * A runtime with threads of its own. They are daemons.
     *
     * @param threads how many sign, verify and run continuations
     */
    public static ClientRuntime start(SignatureVerifier verifier, int threads) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("atlas-client-timer"));
        timer.setRemoveOnCancelPolicy(true);
        ExecutorService pool = Executors.newFixedThreadPool(threads, daemons("atlas-client"));
        ClientScheduler scheduler = (delayNanos, task) -> {
            try {
                ScheduledFuture<?> scheduled = timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
                return () -> scheduled.cancel(false);
            } catch (RejectedExecutionException closed) {
                return () -> {};
            }
        };
        return new ClientRuntime(verifier, ClientClock.system(), scheduler, pool, () -> {
            timer.shutdownNow();
            pool.shutdown();
        });
    }

    /** A runtime on the caller's clock and threads, which {@link #close()} leaves alone. */
    public static ClientRuntime of(
            SignatureVerifier verifier, ClientClock clock, ClientScheduler scheduler, Executor executor) {
        return new ClientRuntime(verifier, clock, scheduler, executor, () -> {});
    }

    SignatureVerifier verifier() {
        return verifier;
    }

    ClientClock clock() {
        return clock;
    }

    ClientScheduler scheduler() {
        return scheduler;
    }

    VerifiedRoots verifiedRoots() {
        return verifiedRoots;
    }

    /** Runs the task on the pool; drops it if the runtime is closed. */
    void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException closed) {
            // Clients are closed before their runtime, so nobody waits for what the task would have done.
        }
    }

    /** Stops the threads that {@link #start} started. */
    @Override
    public void close() {
        onClose.run();
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }
}
