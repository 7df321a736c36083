package io.atlassmr.cli.process;

import io.atlassmr.client.ApplicationException;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.AtlasClientException;
import io.atlassmr.client.ClientClosedException;
import io.atlassmr.client.NoQuorumException;
import io.atlassmr.client.OutcomeUnknownException;
import io.atlassmr.client.OverloadedException;
import io.atlassmr.client.RejectedException;
import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import io.atlassmr.simulation.check.History;
import io.atlassmr.simulation.check.Linearizability;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Clients that read, write, delete and compare-and-set the same few keys, each one operation after the other, and a history of all they
 * asked for and were told, to be checked for linearizability. Every load has keys of its own.
 */
final class RegisterLoad {

    private static final int KEYS = 3;
    /** Then come other keys, so that the history of each is short enough to be checked. */
    private static final int OPERATIONS_OF_KEYS = 1_000;

    private static final long PAUSE_MILLIS = 3;
    private static final Executor LATER = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);

    private final String name;
    private final List<AtlasClient> clients;
    private final History history = new History();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private int running;
    private long answered;
    private long writes;
    private boolean over;

    private RegisterLoad(String name, List<AtlasClient> clients) {
        this.name = name;
        this.clients = clients;
        this.running = clients.size();
    }

    /** Begins; each client has one operation under way at most. */
    static RegisterLoad start(String name, List<AtlasClient> clients) {
        RegisterLoad load = new RegisterLoad(name, clients);
        for (int client = 0; client < clients.size(); client++) {
            load.goOn(client, new SplittableRandom(name.hashCode() * 31L + client));
        }
        return load;
    }

    /** How many operations have results so far. */
    synchronized long answered() {
        return answered;
    }

    /**
     * Ends it, waits for what is under way, and throws unless an order of all operations explains all answers.
     *
     * @return how many operations have results
     */
    long endLinearizable(long seconds) throws Exception {
        synchronized (this) {
            over = true;
        }
        ended.get(seconds, TimeUnit.SECONDS);
        Linearizability.check(history);
        return answered();
    }

    private void goOn(int client, SplittableRandom random) {
        KvOperation operation;
        History.Entry entry;
        synchronized (this) {
            if (over) {
                if (--running == 0) {
                    ended.complete(null);
                }
                return;
            }
            operation = draw(random);
            entry = history.invoke(client, operation);
        }
        CompletableFuture<?> _ = clients.get(client)
                .executeOrdered(KvCodec.encodeOperation(operation))
                .whenComplete((bytes, failure) -> {
                    try {
                        note(entry, bytes, failure);
                    } catch (RuntimeException e) {
                        ended.completeExceptionally(e);
                        return;
                    }
                    LATER.execute(() -> goOn(client, random));
                });
    }

    private void note(History.Entry entry, byte[] bytes, Throwable failure) {
        if (failure == null) {
            answer(entry, KvCodec.decodeResult(bytes));
        } else {
            fail(entry, failure instanceof CompletionException ? failure.getCause() : failure);
        }
    }

    private KvOperation draw(SplittableRandom random) {
        Bytes key =
                Bytes.ofUtf8(name + "/" + history.entries().size() / OPERATIONS_OF_KEYS + "/" + random.nextInt(KEYS));
        Bytes value = Bytes.ofUtf8(Long.toString(++writes));
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> new KvOperation.Put(key, value);
            case 3, 4, 5 -> new KvOperation.Get(key);
            case 6 -> new KvOperation.Delete(key);
            default -> {
                long guessed = Math.max(1, writes - 1 - random.nextInt(4));
                yield new KvOperation.CompareAndSet(key, Optional.of(Bytes.ofUtf8(Long.toString(guessed))), value);
            }
        };
    }

    private synchronized void answer(History.Entry entry, KvResult result) {
        history.answer(entry, result);
        answered++;
    }

    private synchronized void fail(History.Entry entry, Throwable failure) {
        switch (failure) {
            // Nobody knows whether it was executed, or will be.
            case AtlasClientException known when known.mayHaveExecuted() -> {}
            case OverloadedException _, NoQuorumException _, OutcomeUnknownException _ -> history.refuse(entry);
            case ApplicationException e -> throw new IllegalStateException("the store refuses " + entry, e);
            case ClientClosedException _, RejectedException _ ->
                throw new IllegalStateException("no client any more", failure);
            default -> throw new IllegalStateException("failed: " + entry, failure);
        }
    }
}
