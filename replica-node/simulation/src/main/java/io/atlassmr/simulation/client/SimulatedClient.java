package io.atlassmr.simulation.client;

import io.atlassmr.api.ClientId;
import io.atlassmr.client.ApplicationException;
import io.atlassmr.client.AtlasClientException;
import io.atlassmr.client.OverloadedException;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.simulation.check.History;
import io.atlassmr.simulation.check.Violation;
import io.atlassmr.simulation.identity.SimulatedIdentity;
import io.atlassmr.simulation.network.Nodes;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.replica.World;
import io.atlassmr.simulation.time.SimulatedClock;
import io.atlassmr.simulation.time.Streams;
import io.atlassmr.simulation.trace.TraceEvent;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * A client of the run: invokes operations while there are faults, and some more when they are over, which it repeats until
 * each has a result.
 */
public final class SimulatedClient {

    private static final long REOPEN_MICROS = 20_000;
    private static final long REPEAT_MICROS = 50_000;

    private final World world;
    private final List<Machine> machines;
    private final int index;
    private final SimulatedIdentity identity;
    private final SimulatedClock clock;
    private final History history;
    private final SplittableRandom random;
    private final OperationSource operations;
    private final ArrayDeque<KvOperation> last = new ArrayDeque<>();
    private ClientLife life;
    private int invoked;
    private int outstanding;
    private long answered;
    private long unanswered;
    private long refused;
    private boolean finishing;
    private boolean lastUnderWay;

    public SimulatedClient(
            World world,
            List<Machine> machines,
            int index,
            SimulatedIdentity identity,
            SimulatedClock clock,
            History history) {
        this.world = world;
        this.machines = machines;
        this.index = index;
        this.identity = identity;
        this.clock = clock;
        this.history = history;
        this.random = Streams.of(world.scenario().seed(), "client " + index);
        this.operations = new OperationSource(world.scenario().workload(), index, random);
    }

    /** The identity on the wire. */
    public ClientId clientId() {
        return ClientId.of(identity.publicKey());
    }

    /** Opens the client and begins. */
    public void start() {
        open();
        think();
    }

    private void open() {
        life = new ClientLife(world, Nodes.ofClient(index), identity, clock);
        life.watch(machines);
    }

    /** Closes the client and opens another with the same identity a little later. */
    public void restart() {
        if (life != null) {
            ClientLife closing = life;
            life = null;
            world.trace().record(Nodes.ofClient(index), TraceEvent.CRASHES, 0, 0);
            closing.close();
            var _ = world.time().schedule(REOPEN_MICROS, this::open);
        }
    }

    private void think() {
        long meanMicros = world.scenario().faultMillis()
                * 1000
                / world.scenario().workload().operationsPerClient();
        var _ = world.time().schedule(Streams.exponential(random, meanMicros), () -> {
            boolean more = invoked < world.scenario().workload().operationsPerClient();
            if (more && !finishing) {
                if (life != null && outstanding < world.scenario().workload().maxOutstanding()) {
                    invoked++;
                    invokeNext();
                }
                think();
            }
        });
    }

    private void invokeNext() {
        if (random.nextInt(40) == 0) {
            invokeMalformed();
        } else {
            KvOperation operation = operations.next();
            boolean unordered = operation.isReadOnly()
                    && random.nextInt(100) < world.scenario().workload().unorderedPercent();
            invoke(operation, unordered, _ -> {});
        }
    }

    /** The faults are over: what is invoked from now on must get its result. */
    public void finish() {
        finishing = true;
        last.addAll(operations.last());
        invokeLast();
    }

    private void invokeLast() {
        if (lastUnderWay || last.isEmpty()) {
            return;
        }
        if (life == null) {
            var _ = world.time().schedule(REPEAT_MICROS, this::invokeLast);
            return;
        }
        lastUnderWay = true;
        KvOperation operation = last.peek();
        invoke(operation, operation.isReadOnly() && random.nextBoolean(), hasResult -> {
            lastUnderWay = false;
            if (hasResult) {
                last.poll();
                invokeLast();
            } else {
                // A write that may have been executed is not repeated: its value would be written twice.
                if (!operation.isReadOnly()) {
                    last.poll();
                    last.addFirst(operations.another(operation));
                }
                var _ = world.time().schedule(REPEAT_MICROS, this::invokeLast);
            }
        });
    }

    private interface End {
        void ended(boolean hasResult);
    }

    private void invoke(KvOperation operation, boolean unordered, End end) {
        outstanding++;
        long beganMicros = world.time().nowMicros();
        History.Entry entry = history.invoke(index, operation);
        world.trace()
                .record(
                        Nodes.ofClient(index),
                        TraceEvent.INVOKES,
                        entry.invokedAt(),
                        0,
                        () -> operation + (unordered ? " unordered" : ""));
        byte[] encoded = KvCodec.encodeOperation(operation);
        CompletableFuture<byte[]> future = unordered
                ? life.client().executeUnordered(encoded)
                : life.client().executeOrdered(encoded);
        whenComplete(future, (result, failure) -> {
            outstanding--;
            if (failure == null) {
                answered++;
                history.answer(entry, KvCodec.decodeResult(result));
                operations.observe(operation, entry.result());
            } else {
                unanswered++;
                failed(entry, failure);
            }
            world.trace()
                    .record(
                            Nodes.ofClient(index),
                            failure == null ? TraceEvent.COMPLETES : TraceEvent.GIVES_UP,
                            entry.invokedAt(),
                            world.time().nowMicros() - beganMicros,
                            () -> failure == null ? entry.result() : failure.getMessage());
            end.ended(failure == null);
        });
    }

    /** A future keeps what its continuations throw to itself. */
    private void whenComplete(CompletableFuture<byte[]> future, BiConsumer<byte[], Throwable> continuation) {
        var _ = future.whenComplete((result, failure) -> {
            try {
                continuation.accept(result, failure);
            } catch (RuntimeException e) {
                world.referee().fail(e instanceof Violation v ? v : new Violation("client " + index + " breaks", e));
            }
        });
    }

    private void failed(History.Entry entry, Throwable failure) {
        switch (failure) {
            case ApplicationException e ->
                throw new Violation("client " + index + " is told that a good operation is none: " + entry, e);
            case OverloadedException e when e.mayHaveExecuted() -> refused++;
            case AtlasClientException e when !e.mayHaveExecuted() -> history.refuse(entry);
            case AtlasClientException _ -> {}
            default -> throw new Violation("client " + index + " breaks", failure);
        }
    }

    /** Asks for something the application refuses, which it must do alike everywhere. */
    private void invokeMalformed() {
        outstanding++;
        whenComplete(life.client().executeOrdered(new byte[] {1, 99, (byte) index}), (_, failure) -> {
            outstanding--;
            if (failure == null) {
                throw new Violation("client " + index + " has a result of an operation that is none");
            }
        });
    }

    /** Whether everything it was to do is done. */
    public boolean isDone() {
        return finishing && last.isEmpty() && outstanding == 0;
    }

    /** Operations with a result. */
    public long answered() {
        return answered;
    }

    /** Operations without one. */
    public long unanswered() {
        return unanswered;
    }

    /** Operations that the replicas said they had no room for. */
    public long refused() {
        return refused;
    }

    /** What it still waits for, for a person. */
    public String describe() {
        return "client " + index + " waits for " + outstanding + " results and has " + last.size() + " to begin";
    }
}
