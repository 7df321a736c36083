package io.atlassmr.simulation.replica;

import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.reply.ReplySigning;
import io.atlassmr.simulation.time.SerialWorker;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/** Stands for the thread of {@link io.atlassmr.runtime.reply.ReplySender}. */
final class SimulatedReplySender {

    private static final long TASK_MICROS = 1;
    private static final long SIGN_MICROS = 15;

    private final ReplicaProcess process;
    private final ReplySigning signing;
    private final Outgoing outgoing;
    private final SerialWorker thread;
    private final ArrayDeque<ExecutedBatch> held = new ArrayDeque<>();
    private long released;

    SimulatedReplySender(ReplicaProcess process, ReplySigning signing, Outgoing outgoing) {
        this.process = process;
        this.signing = signing;
        this.outgoing = outgoing;
        this.thread = new SerialWorker(process);
    }

    void executed(ExecutedBatch batch) {
        thread.submit(TASK_MICROS, () -> {
            held.add(batch);
            sendReleased();
        });
    }

    void release(long sequenceNumber) {
        thread.submit(TASK_MICROS, () -> {
            released = Math.max(released, sequenceNumber);
            sendReleased();
        });
    }

    private void sendReleased() {
        while (!held.isEmpty() && held.peek().sequenceNumber() <= released) {
            ExecutedBatch batch = held.poll();
            process.witness().onReplied(batch.sequenceNumber());
            if (!batch.replies().isEmpty()) {
                thread.submit(
                        SIGN_MICROS,
                        () -> signing.sign(batch.view(), batch.replies()).forEach(this::send));
            }
        }
    }

    void send(Supplier<ReplySigning.ClientFrame> frame) {
        thread.submit(SIGN_MICROS, () -> send(frame.get()));
    }

    private void send(ReplySigning.ClientFrame frame) {
        outgoing.sendToClient(frame.clientId(), frame.frame());
    }
}
