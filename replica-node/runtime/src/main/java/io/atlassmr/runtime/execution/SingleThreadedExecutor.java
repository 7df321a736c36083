package io.atlassmr.runtime.execution;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One thread for ordered and unordered operations. Decisions that wait are bounded by the protocol, reads and repeated answers by a count. */
public final class SingleThreadedExecutor implements Executor {

    private static final int MAX_WAITING_READS = 8192;
    private static final long READ_PATIENCE_MILLIS = 200;
    private static final long POLL_MILLIS = 20;
    private static final long STOP_GRACE_MILLIS = 10_000;

    private sealed interface Task {}

    private record Ordered(Decision decision, boolean answered) implements Task {}

    private record Install(Installation installation) implements Task {}

    private record Again(ClientBundle bundle) implements Task {}

    private record Read(ClientId clientId, long number, byte[] operation, long atLeast, long expiresNanos)
            implements Task {}

    private record Stop() implements Task {}

    private final OrderedExecution execution;
    private final long readPatienceNanos;
    private final ExecutionListener listener;
    private final ReplicaMetrics metrics;
    private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
    private final ArrayDeque<Read> waitingReads = new ArrayDeque<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final Thread thread;

    public SingleThreadedExecutor(OrderedExecution execution, ExecutionListener listener, ReplicaMetrics metrics) {
        this(execution, listener, metrics, READ_PATIENCE_MILLIS);
    }

    /** @param readPatienceMillis how long a read waits for the state it needs */
    SingleThreadedExecutor(
            OrderedExecution execution, ExecutionListener listener, ReplicaMetrics metrics, long readPatienceMillis) {
        this.readPatienceNanos = TimeUnit.MILLISECONDS.toNanos(readPatienceMillis);
        this.metrics = metrics;
        this.execution = execution;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("atlas-execution").unstarted(this::run);
    }

    @Override
    public void start() {
        thread.start();
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
        if (reads.incrementAndGet() > MAX_WAITING_READS) {
            reads.decrementAndGet();
            return false;
        }
        queue.add(new Again(bundle));
        return true;
    }

    @Override
    public boolean executeUnordered(ClientId clientId, long number, byte[] operation, long atLeast) {
        if (reads.incrementAndGet() > MAX_WAITING_READS) {
            reads.decrementAndGet();
            return false;
        }
        queue.add(new Read(clientId, number, operation, atLeast, System.nanoTime() + readPatienceNanos));
        return true;
    }

    private void run() {
        try {
            while (true) {
                Task task = waitingReads.isEmpty() ? queue.take() : queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                switch (task) {
                    case Ordered(Decision decision, boolean answered) -> runDecision(decision, answered);
                    case Install(Installation installation) -> runInstallation(installation);
                    case Again(ClientBundle bundle) -> {
                        reads.decrementAndGet();
                        listener.onAnswerAgain(bundle, execution.remembered(bundle));
                    }
                    case Read read -> waitingReads.add(read);
                    case Stop _ -> {
                        return;
                    }
                    case null -> {}
                }
                answerReads();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            listener.onFatal(e);
        }
    }

    private void runDecision(Decision decision, boolean answered) throws InterruptedException {
        ExecutedBatch executed = DecisionStep.run(execution, decision, listener, metrics);
        listener.onExecuted(decision, executed, answered);
    }

    private void runInstallation(Installation installation) {
        long sequenceNumber = installation.source().header().sequenceNumber();
        try {
            installation.run(execution);
            listener.onInstalled(sequenceNumber, execution);
        } catch (IOException e) {
            listener.onInstallFailed(sequenceNumber, e);
        }
    }

    private void answerReads() {
        for (Iterator<Read> each = waitingReads.iterator(); each.hasNext(); ) {
            Read read = each.next();
            if (read.atLeast() <= execution.lastExecuted()) {
                listener.onUnordered(
                        read.clientId(), execution.executeUnordered(read.clientId(), read.number(), read.operation()));
            } else if (System.nanoTime() - read.expiresNanos() >= 0) {
                listener.onUnorderedUnavailable(read.clientId(), read.number());
            } else {
                continue;
            }
            reads.decrementAndGet();
            each.remove();
        }
    }

    @Override
    public void close() throws InterruptedException {
        queue.add(new Stop());
        // An operation that does not end must not keep the process from ending.
        thread.join(STOP_GRACE_MILLIS);
        execution.close();
    }
}
