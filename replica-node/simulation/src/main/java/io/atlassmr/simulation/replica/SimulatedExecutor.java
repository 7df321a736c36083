package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.ExecutionListener;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.execution.Installation;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.simulation.time.SerialWorker;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;

/** Stands for the thread of {@link io.atlassmr.runtime.execution.SingleThreadedExecutor}. */
final class SimulatedExecutor implements Executor {

    private static final int MAX_WAITING = 8192;
    private static final long READ_PATIENCE_MICROS = 200_000;
    private static final long TASK_MICROS = 4;
    private static final long REQUEST_MICROS = 3;
    private static final long INSTALL_MICROS = 3_000;

    private record Read(ClientId clientId, long number, byte[] operation, long atLeast, long expiresMicros) {}

    private final ReplicaProcess process;
    private final OrderedExecution execution;
    private final ExecutionListener listener;
    private final SerialWorker thread;
    private final ArrayDeque<Read> reads = new ArrayDeque<>();

    SimulatedExecutor(ReplicaProcess process, OrderedExecution execution, ExecutionListener listener) {
        this.process = process;
        this.execution = execution;
        this.listener = listener;
        this.thread = new SerialWorker(process);
    }

    @Override
    public void execute(Decision decision, boolean answered) {
        thread.submit(TASK_MICROS + REQUEST_MICROS * decision.batch().requestCount(), () -> {
            ExecutedBatch batch = execution.execute(decision);
            if (execution.isCheckpointDue()) {
                listener.onCaptured(execution.capture());
            }
            try {
                listener.onExecuted(decision, batch, answered);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the simulation", e);
            }
            answerReads();
        });
    }

    @Override
    public void install(Installation installation) {
        long sequenceNumber = installation.source().header().sequenceNumber();
        thread.submit(INSTALL_MICROS, () -> {
            try {
                installation.run(execution);
                listener.onInstalled(sequenceNumber, execution);
                answerReads();
            } catch (IOException e) {
                listener.onInstallFailed(sequenceNumber, e);
            }
        });
    }

    @Override
    public boolean answerAgain(ClientBundle bundle) {
        if (thread.waiting() >= MAX_WAITING) {
            return false;
        }
        thread.submit(TASK_MICROS, () -> {
            List<Reply> replies = execution.remembered(bundle);
            listener.onAnswerAgain(bundle, replies);
        });
        return true;
    }

    @Override
    public boolean executeUnordered(ClientId clientId, long number, byte[] operation, long atLeast) {
        if (reads.size() >= MAX_WAITING) {
            return false;
        }
        long expires = process.nowMicros() + READ_PATIENCE_MICROS;
        thread.submit(TASK_MICROS, () -> {
            reads.add(new Read(clientId, number, operation, atLeast, expires));
            answerReads();
        });
        process.later(READ_PATIENCE_MICROS, () -> thread.submit(0, this::answerReads));
        return true;
    }

    private void answerReads() {
        for (Iterator<Read> each = reads.iterator(); each.hasNext(); ) {
            Read read = each.next();
            if (read.atLeast() <= execution.lastExecuted()) {
                listener.onUnordered(
                        read.clientId(), execution.executeUnordered(read.clientId(), read.number(), read.operation()));
                each.remove();
            } else if (process.nowMicros() >= read.expiresMicros()) {
                listener.onUnorderedUnavailable(read.clientId(), read.number());
                each.remove();
            }
        }
    }

    @Override
    public void close() {}
}
