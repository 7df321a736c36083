package io.atlassmr.simulation.replica;

import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.execution.StateCapture;
import io.atlassmr.runtime.frame.StateTransferFrames.StateContent;
import io.atlassmr.runtime.frame.StateTransferFrames.StateRequest;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.runtime.transfer.StateAnswers;
import io.atlassmr.runtime.transfer.StateGatherer;
import io.atlassmr.simulation.check.Violation;
import io.atlassmr.simulation.time.SerialWorker;
import java.io.IOException;

/** Stands for the threads that write checkpoints, give state to peers, and gather state from them. */
final class SimulatedStateThreads {

    private static final long SAVE_MICROS = 5_000;
    private static final long KEEP_MICROS = 500;
    private static final long ANSWER_MICROS = 100;
    private static final long TAKE_MICROS = 50;
    private static final int MAX_WAITING = 1024;

    private final ReplicaProcess process;
    private final CheckpointStore store;
    private final StateAnswers answers;
    private final StateGatherer gatherer;
    private final Outgoing outgoing;
    private final SerialWorker saving;
    private final SerialWorker answering;
    private final SerialWorker gathering;

    SimulatedStateThreads(
            ReplicaProcess process,
            CheckpointStore store,
            StateAnswers answers,
            StateGatherer gatherer,
            Outgoing outgoing) {
        this.process = process;
        this.store = store;
        this.answers = answers;
        this.gatherer = gatherer;
        this.outgoing = outgoing;
        this.saving = new SerialWorker(process);
        this.answering = new SerialWorker(process);
        this.gathering = new SerialWorker(process);
    }

    void save(StateCapture capture) {
        saving.submit(SAVE_MICROS, () -> {
            try (capture) {
                var digest = store.save(capture);
                process.onStateEvent(new ProtocolEvent.CheckpointTaken(capture.sequenceNumber(), digest));
            } catch (IOException e) {
                throw new Violation("replica " + process.machine().id() + " cannot write a checkpoint", e);
            }
        });
    }

    void keep(Certificate certificate, long oldestKept) {
        saving.submit(KEEP_MICROS, () -> {
            try {
                store.stable(certificate, oldestKept);
            } catch (IOException e) {
                throw new Violation("replica " + process.machine().id() + " cannot keep a checkpoint", e);
            }
        });
    }

    void answer(int to, StateRequest request) {
        if (answering.waiting() < MAX_WAITING) {
            answering.submit(ANSWER_MICROS, () -> {
                try {
                    answers.answer(
                            to, request, (peer, frame) -> outgoing.send(peer, TrafficClass.STATE_TRANSFER, frame));
                } catch (IOException e) {
                    throw new Violation("replica " + process.machine().id() + " cannot read a checkpoint", e);
                }
            });
        }
    }

    void begin(Certificate certificate, CheckpointHeader header) {
        gathering.submit(TAKE_MICROS, () -> gatherer.begin(certificate, header));
    }

    void take(int from, StateContent content) {
        if (gathering.waiting() < MAX_WAITING) {
            gathering.submit(TAKE_MICROS, () -> gatherer.take(from, content));
        }
    }

    void install(long sequenceNumber, long replayTo) {
        gathering.submit(TAKE_MICROS, () -> gatherer.install(sequenceNumber, replayTo));
    }
}
