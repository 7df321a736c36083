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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Stands for the threads that write checkpoints, give state to peers, and gather state from them. */
final class SimulatedStateThreads {

    private static final long SAVE_MICROS = 5_000;
    private static final long KEEP_MICROS = 500;
    private static final long ANSWER_MICROS = 100;
    private static final long TAKE_MICROS = 50;
    private static final int MAX_WAITING = 1024;

    private record Asked(int to, StateRequest request) {}

    private final ReplicaProcess process;
    private final CheckpointStore store;
    private final StateAnswers answers;
    private final StateGatherer gatherer;
    private final Outgoing outgoing;
    private final SerialWorker saving;
    private final ArrayDeque<Asked> asked = new ArrayDeque<>();
    private boolean answering;
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
        this.gathering = new SerialWorker(process);
    }

    void save(StateCapture capture) {
        saving.submit(SAVE_MICROS, () -> {
            try (capture) {
                var digest = store.save(capture);
                process.onStateEvent(new ProtocolEvent.CheckpointTaken(capture.sequenceNumber(), digest));
            } catch (IOException e) {
                process.witness().onSkippedCheckpoint(capture.sequenceNumber(), e);
            }
        });
    }

    void keep(Certificate certificate, long oldestKept) {
        saving.submit(KEEP_MICROS, () -> {
            try {
                store.stable(certificate, oldestKept);
            } catch (IOException e) {
                process.witness().onSkippedCheckpoint(certificate.sequenceNumber(), e);
            }
        });
    }

    void answer(int to, StateRequest request) {
        if (asked.size() < MAX_WAITING) {
            asked.add(new Asked(to, request));
            answerNext();
        }
    }

    private void answerNext() {
        if (answering || asked.isEmpty()) {
            return;
        }
        answering = true;
        Asked next = asked.remove();
        List<byte[]> frames = new ArrayList<>();
        try {
            answers.answer(next.to(), next.request(), (_, frame) -> frames.add(frame))
                    .ifPresent(rest -> asked.addFirst(new Asked(next.to(), rest)));
        } catch (IOException e) {
            throw new Violation("replica " + process.machine().id() + " cannot read a checkpoint", e);
        }
        long sizeBytes = frames.stream().mapToLong(frame -> frame.length).sum();
        process.later(ANSWER_MICROS + process.machine().stateMicros(sizeBytes), () -> {
            frames.forEach(frame -> outgoing.send(next.to(), TrafficClass.STATE_TRANSFER, frame));
            answering = false;
            answerNext();
        });
    }

    long manifestKnownUpTo() {
        return store.manifestKnownUpTo();
    }

    void begin(Certificate certificate, CheckpointHeader header) {
        gathering.submit(TAKE_MICROS, () -> gatherer.begin(certificate, header));
    }

    void take(int from, StateContent content) {
        if (gathering.waiting() < MAX_WAITING) {
            gathering.submit(TAKE_MICROS, () -> {
                process.machine().onContent();
                if (process.isAlive()) {
                    gatherer.take(from, content, content.partDigests());
                }
            });
        }
    }

    void install(long sequenceNumber, long replayTo) {
        gathering.submit(TAKE_MICROS, () -> gatherer.install(sequenceNumber, replayTo));
    }
}
