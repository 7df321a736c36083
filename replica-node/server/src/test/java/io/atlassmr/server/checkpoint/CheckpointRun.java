package io.atlassmr.server.checkpoint;

import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvApplication;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvState;
import io.atlassmr.protocol.checkpoint.Part;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.runtime.checkpoint.CheckpointReader;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.checkpoint.CheckpointWorker;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.ExecutionListener;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.execution.SingleThreadedExecutor;
import io.atlassmr.runtime.execution.StateCapture;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Executes batches as a replica does, on the execution thread, and writes checkpoints beside it. Used by one thread. */
final class CheckpointRun implements ExecutionListener, AutoCloseable {

    /** Puts in each batch. */
    static final int BATCH = 100;

    private static final int UNDER_WAY = 4;
    private static final ClientId CLIENT = ClientId.of(new byte[32]);

    private final CheckpointStore store;
    private final CheckpointWorker worker;
    private final SingleThreadedExecutor executor;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Semaphore room = new Semaphore(UNDER_WAY);
    private final Semaphore written = new Semaphore(0);
    private final long[] executedAtNanos = new long[1 << 22];
    private volatile int executed;
    private volatile Throwable broken;
    private long sequenceNumber;
    private long number;
    private boolean wantsCheckpoint;
    private Certificate stable;

    private static ReconfigurationState reconfiguration() {
        List<Member> members = IntStream.range(0, 4)
                .mapToObj(id -> {
                    byte[] key = new byte[32];
                    key[0] = (byte) id;
                    return new Member(id, key, "replica-" + id, 7000, 7001);
                })
                .toList();
        return ReconfigurationState.initial(
                Membership.of("tests", 1, members), new TreeMap<>(), 32, new CheckpointPolicy(1_000_000, 2, 0));
    }

    CheckpointRun(KvState state, Path checkpoints) throws IOException {
        KvApplication application = new KvApplication(state);
        store = new CheckpointStore(checkpoints, application.state());
        ReplicaMetrics metrics = new ReplicaMetrics(registry);
        worker = new CheckpointWorker(store, this::taken, metrics);
        executor = new SingleThreadedExecutor(
                new OrderedExecution(application, new SessionTable(SessionLimits.defaults()), reconfiguration()),
                this,
                metrics);
        worker.start();
        executor.start();
    }

    private void taken(long taken, Digest digest) {
        stable = new Certificate(0, taken, digest, List.of());
        worker.keep(stable, taken);
        written.release();
    }

    /** The next batch asks for a checkpoint. */
    void checkpoint() {
        wantsCheckpoint = true;
    }

    void execute(int batches, Supplier<Bytes> keys, Supplier<Bytes> values) throws InterruptedException {
        for (int i = 0; i < batches; i++) {
            room.acquire();
            if (broken != null) {
                throw new AssertionError("execution broke", broken);
            }
            executor.execute(next(keys, values), false);
        }
    }

    void executeUntilWritten(Supplier<Bytes> keys, Supplier<Bytes> values) throws InterruptedException {
        while (!written.tryAcquire()) {
            execute(1, keys, values);
        }
    }

    /** Executes nothing but the batch that asks for the checkpoint, and waits for it. */
    void awaitWritten() throws InterruptedException {
        execute(1, () -> Bytes.copyOf(new byte[] {1}), () -> Bytes.copyOf(new byte[] {1}));
        written.acquire();
    }

    private Decision next(Supplier<Bytes> keys, Supplier<Bytes> values) {
        List<ClientRequest> requests = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            requests.add(new ClientRequest(
                    ++number, KvCodec.encodeOperation(new KvOperation.Put(keys.get(), values.get()))));
        }
        ClientBundle bundle =
                new ClientBundle(Digest.ZERO, CLIENT, 1, number - BATCH, requests, new byte[0], new byte[64]);
        Batch encoded = BatchCodec.encode(1, wantsCheckpoint, List.of());
        wantsCheckpoint = false;
        Batch batch = new Batch(
                encoded.digest(),
                encoded.agreedTimeMillis(),
                encoded.checkpoint(),
                List.of(bundle),
                List.of(),
                null,
                encoded.encoded());
        return new Decision(new Certificate(0, ++sequenceNumber, batch.digest(), List.of()), batch);
    }

    /** The gaps since the last call. Nothing is under way on return. */
    Gaps takeGaps() throws InterruptedException {
        room.acquire(UNDER_WAY);
        Gaps gaps = Gaps.between(executedAtNanos, executed);
        executed = 0;
        room.release(UNDER_WAY);
        return gaps;
    }

    /** How long the execution thread was longest held up by taking the state's image, lately. */
    double longestCaptureMillis() {
        return registry.get("atlas.checkpoint.capture").timer().max(TimeUnit.MILLISECONDS);
    }

    /** The parts of the newest checkpoint. */
    List<Part> stableParts() throws InterruptedException {
        while (store.at(stable.sequenceNumber()) == null) {
            Thread.onSpinWait();
        }
        return store.at(stable.sequenceNumber()).manifest().parts();
    }

    /** The newest checkpoint, to be given to a peer. */
    CheckpointReader newest() {
        while (store.newest() == null) {
            Thread.onSpinWait();
        }
        return store.newest();
    }

    @Override
    public void onExecuted(Decision decision, ExecutedBatch batch, boolean answered) {
        int index = executed;
        executedAtNanos[index] = System.nanoTime();
        executed = index + 1;
        room.release();
    }

    @Override
    public void onCaptured(StateCapture capture) {
        worker.save(capture);
    }

    @Override
    public void onFatal(Throwable reason) {
        broken = reason;
        room.release(UNDER_WAY);
    }

    @Override
    public void onInstalled(long installed, OrderedExecution execution) {}

    @Override
    public void onInstallFailed(long installed, IOException reason) {}

    @Override
    public void onAnswerAgain(ClientBundle bundle, List<Reply> replies) {}

    @Override
    public void onUnordered(ClientId clientId, Reply reply) {}

    @Override
    public void onUnorderedUnavailable(ClientId clientId, long readNumber) {}

    @Override
    public void close() {
        try {
            executor.close();
            worker.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }
}
