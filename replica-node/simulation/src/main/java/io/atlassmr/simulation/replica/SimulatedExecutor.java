package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.SnapshotApplication;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.configuration.ExecutionModel;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.ExecutionListener;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.execution.Installation;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.execution.batch.Answer;
import io.atlassmr.simulation.time.SerialWorker;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;

/**
 * Stands for the threads of {@link io.atlassmr.runtime.execution.SingleThreadedExecutor} or, with threads of their own for reads,
 * {@link io.atlassmr.runtime.execution.MixedExecutor}.
 */
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
    private final ReadState readState;
    private final SerialWorker readThread;
    private final ArrayDeque<Read> reads = new ArrayDeque<>();

    /** What reads are answered on: the state as it stands, or the last published. */
    private interface ReadState {
        void publish();

        long version();

        Reply answer(Read read);
    }

    SimulatedExecutor(
            ReplicaProcess process,
            OrderedExecution execution,
            SnapshotApplication application,
            ExecutionModel model,
            ExecutionListener listener) {
        this.process = process;
        this.execution = execution;
        this.listener = listener;
        this.thread = new SerialWorker(process);
        boolean isMixed = model != ExecutionModel.SINGLE_THREADED;
        this.readThread = isMixed ? new SerialWorker(process) : thread;
        this.readState = isMixed ? new Published(application) : new Current();
        readState.publish();
    }

    private final class Current implements ReadState {

        @Override
        public void publish() {}

        @Override
        public long version() {
            return execution.lastExecuted();
        }

        @Override
        public Reply answer(Read read) {
            return execution.executeUnordered(read.clientId(), read.number(), read.operation());
        }
    }

    private final class Published implements ReadState {

        private final SnapshotApplication application;
        private SnapshotApplication.Snapshot snapshot;
        private long version;

        Published(SnapshotApplication application) {
            this.application = application;
        }

        @Override
        public void publish() {
            if (snapshot != null) {
                snapshot.close();
            }
            snapshot = application.snapshot();
            version = execution.lastExecuted();
        }

        @Override
        public long version() {
            return version;
        }

        @Override
        public Reply answer(Read read) {
            UnorderedContext context = new UnorderedContext(version, read.clientId());
            return Answer.of(read.number(), version, () -> snapshot.executeUnordered(read.operation(), context));
        }
    }

    @Override
    public void start() {}

    @Override
    public void execute(Decision decision, boolean answered) {
        thread.submit(TASK_MICROS + REQUEST_MICROS * decision.batch().requestCount(), () -> {
            ExecutedBatch batch = execution.execute(decision);
            process.witness().onCheckpointDue(batch.sequenceNumber(), execution.isCheckpointDue());
            if (execution.isCheckpointDue()) {
                listener.onCaptured(execution.capture());
            }
            readState.publish();
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
                readState.publish();
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
        readThread.submit(TASK_MICROS, () -> {
            reads.add(new Read(clientId, number, operation, atLeast, expires));
            answerReads();
        });
        process.later(READ_PATIENCE_MICROS, () -> readThread.submit(0, this::answerReads));
        return true;
    }

    private void answerReads() {
        for (Iterator<Read> each = reads.iterator(); each.hasNext(); ) {
            Read read = each.next();
            if (read.atLeast() <= readState.version()) {
                listener.onUnordered(read.clientId(), readState.answer(read));
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
