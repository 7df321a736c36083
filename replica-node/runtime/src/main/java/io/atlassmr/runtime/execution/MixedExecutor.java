package io.atlassmr.runtime.execution;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.SnapshotApplication;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One thread for ordered operations, which may have helpers, and others for unordered ones, which see the state as some decision
 * left it. Decisions that wait are bounded by the protocol, reads and repeated answers by a count.
 */
public final class MixedExecutor implements Executor {

    private static final int MAX_WAITING_ANSWERS = 8192;
    private static final long READ_PATIENCE_MILLIS = 200;
    private static final long STOP_GRACE_MILLIS = 10_000;

    private sealed interface Task {}

    private record Ordered(Decision decision, boolean answered) implements Task {}

    private record Install(Installation installation) implements Task {}

    private record Again(ClientBundle bundle) implements Task {}

    private record Stop() implements Task {}

    private final SnapshotApplication application;
    private final OrderedExecution execution;
    private final ExecutionListener listener;
    private final ReplicaMetrics metrics;
    private final UnorderedReaders readers;
    private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final Thread thread;

    /**
     * @param application that the execution is of
     * @param readThreads for unordered operations, at least 1
     */
    public MixedExecutor(
            SnapshotApplication application,
            OrderedExecution execution,
            ExecutionListener listener,
            ReplicaMetrics metrics,
            int readThreads) {
        this(application, execution, listener, metrics, readThreads, READ_PATIENCE_MILLIS);
    }

    /** @param readPatienceMillis how long a read waits for the state it needs */
    MixedExecutor(
            SnapshotApplication application,
            OrderedExecution execution,
            ExecutionListener listener,
            ReplicaMetrics metrics,
            int readThreads,
            long readPatienceMillis) {
        this.application = application;
        this.execution = execution;
        this.listener = listener;
        this.metrics = metrics;
        this.readers = new UnorderedReaders(readThreads, readPatienceMillis, listener);
        this.thread = Thread.ofPlatform().name("atlas-execution").unstarted(this::run);
    }

    @Override
    public void start() {
        publish();
        thread.start();
        readers.start();
    }

    private void publish() {
        readers.publish(execution.lastExecuted(), application.snapshot());
    }

    @Override
    public void execute(Decision decision, boolean answered) {
        queue.add(new Ordered(decision, answered));
    }

    @Override
    public void install(Installation installation) {
        queue.add(new Install(installation));
    }

    @Override
    public boolean answerAgain(ClientBundle bundle) {
        if (answers.incrementAndGet() > MAX_WAITING_ANSWERS) {
            answers.decrementAndGet();
            return false;
        }
        queue.add(new Again(bundle));
        return true;
    }

    @Override
    public boolean executeUnordered(ClientId clientId, long number, byte[] operation, long atLeast) {
        return readers.submit(clientId, number, operation, atLeast);
    }

    private void run() {
        try {
            while (true) {
                switch (queue.take()) {
                    case Ordered(Decision decision, boolean answered) -> runDecision(decision, answered);
                    case Install(Installation installation) -> runInstallation(installation);
                    case Again(ClientBundle bundle) -> {
                        answers.decrementAndGet();
                        listener.onAnswerAgain(bundle, execution.remembered(bundle));
                    }
                    case Stop _ -> {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            listener.onFatal(e);
        }
    }

    private void runDecision(Decision decision, boolean answered) throws InterruptedException {
        ExecutedBatch executed = DecisionStep.run(execution, decision, listener, metrics);
        publish();
        listener.onExecuted(decision, executed, answered);
    }

    private void runInstallation(Installation installation) {
        long sequenceNumber = installation.source().header().sequenceNumber();
        try {
            installation.run(execution);
            publish();
            listener.onInstalled(sequenceNumber, execution);
        } catch (IOException e) {
            listener.onInstallFailed(sequenceNumber, e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        queue.add(new Stop());
        thread.join(STOP_GRACE_MILLIS);
        readers.close(STOP_GRACE_MILLIS);
        execution.close();
    }
}
