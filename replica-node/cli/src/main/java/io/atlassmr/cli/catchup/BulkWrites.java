package io.atlassmr.cli.catchup;

import io.atlassmr.cli.CommandException;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.AtlasClientException;
import io.atlassmr.client.OverloadedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Has clients execute a number of operations, as fast as it goes, and waits until each is acknowledged. */
public final class BulkWrites {

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final long TICK_MILLIS = 200;
    private static final long STALL_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final int count;
    private final IntFunction<byte[]> operation;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private BulkWrites(int count, IntFunction<byte[]> operation) {
        this.count = count;
        this.operation = operation;
    }

    /**
     * Returns when all are acknowledged.
     *
     * @param outstanding operations that each client has under way
     * @param operation the one with this number, from 0; may be asked for again; harmless if it is executed twice
     * @param progress told how many are acknowledged
     * @throws CommandException if the cluster stops acknowledging, or refuses one
     */
    public static void run(
            List<AtlasClient> clients, int outstanding, int count, IntFunction<byte[]> operation, IntConsumer progress)
            throws InterruptedException {
        BulkWrites writes = new BulkWrites(count, operation);
        for (int i = 0; i < outstanding; i++) {
            clients.forEach(writes::step);
        }
        writes.await(progress);
    }

    private void await(IntConsumer progress) throws InterruptedException {
        int seen = -1;
        long seenNanos = System.nanoTime();
        while (true) {
            try {
                done.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException notYet) {
                int now = acknowledged.get();
                progress.accept(now);
                if (now > seen) {
                    seen = now;
                    seenNanos = System.nanoTime();
                } else if (System.nanoTime() - seenNanos >= STALL_NANOS) {
                    throw new CommandException("nothing was acknowledged for two minutes; " + now + " of " + count
                            + " operations were before");
                }
            } catch (ExecutionException e) {
                throw new CommandException("the cluster did not do what was asked: " + e.getCause(), e.getCause());
            }
        }
    }

    private void step(AtlasClient client) {
        int index = next.getAndIncrement();
        if (index < count) {
            execute(client, index);
        }
    }

    private void execute(AtlasClient client, int index) {
        CompletableFuture<?> _ = client.executeOrdered(operation.apply(index)).whenComplete((bytes, failure) -> {
            if (failure == null) {
                if (acknowledged.incrementAndGet() == count) {
                    done.complete(null);
                }
                step(client);
            } else {
                failed(client, index, failure);
            }
        });
    }

    private void failed(AtlasClient client, int index, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof AtlasClientException known) || !isPassing(known)) {
            done.completeExceptionally(cause);
            return;
        }
        Duration pause = known instanceof OverloadedException overloaded ? overloaded.retryAfter() : PAUSE;
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> execute(client, index));
    }

    private static boolean isPassing(AtlasClientException failure) {
        return switch (failure) {
            case OverloadedException _ -> true;
            case io.atlassmr.client.OutcomeUnknownException _ -> true;
            case io.atlassmr.client.NoQuorumException _ -> true;
            case io.atlassmr.client.ApplicationException _ -> false;
            case io.atlassmr.client.ClientClosedException _ -> false;
            case io.atlassmr.client.RejectedException _ -> false;
        };
    }
}
