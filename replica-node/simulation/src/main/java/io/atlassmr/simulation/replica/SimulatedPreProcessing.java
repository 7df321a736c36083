package io.atlassmr.simulation.replica;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.evidence.EvidenceEvent;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.verify.BundleVerifier;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.runtime.frame.PeerFrameReader;
import io.atlassmr.runtime.frame.PeerInput;
import io.atlassmr.runtime.frame.VouchedProposals;
import io.atlassmr.runtime.preprocessing.LiarLimit;
import io.atlassmr.runtime.preprocessing.PreProcessing;
import io.atlassmr.simulation.time.SerialWorker;
import io.atlassmr.simulation.trace.TraceEvent;
import io.atlassmr.wire.v1.ClientMessage;
import io.atlassmr.wire.v1.UnorderedRequest;
import java.util.Map;
import java.util.TreeMap;

/** Stands for the threads of {@link PreProcessing}: in order for each sender, beside each other for different ones. */
final class SimulatedPreProcessing {

    private static final int MAX_WAITING = 8192;
    private static final long DECODE_MICROS = 2;
    private static final int BYTES_PER_MICRO = 16;

    private interface Work {
        void run() throws MalformedMessageException, RejectedMessageException, InterruptedException;
    }

    private final ReplicaProcess process;
    private final PeerFrameReader frames;
    private final BundleVerifier bundles;
    private final PreProcessing.Sink sink;
    private final LiarLimit liars;
    private final Map<Integer, SerialWorker> peers = new TreeMap<>();
    private final Map<Integer, SerialWorker> ordered = new TreeMap<>();
    private final Map<Integer, SerialWorker> unordered = new TreeMap<>();

    SimulatedPreProcessing(
            ReplicaProcess process, PeerFrameReader frames, BundleVerifier bundles, PreProcessing.Sink sink) {
        this.process = process;
        this.frames = frames;
        this.bundles = bundles;
        this.sink = sink;
        this.liars = new LiarLimit(() -> 1000 * process.nowMicros());
    }

    void onReplicaFrame(int from, byte[] frame) {
        if (sink.isLiar(from) && !liars.admits(from)) {
            return;
        }
        submit(peers, from, frame, () -> {
            switch (frames.read(from, frame)) {
                case PeerInput.Events events -> tell(events);
                case PeerInput.Kept(var proposal) ->
                    process.later(VouchedProposals.PATIENCE_MILLIS * 1000L, () -> checkKept(from, proposal));
                case PeerInput.Asked(int asking, var request) -> sink.onStateRequest(asking, request);
                case PeerInput.Given(int giving, var content) -> sink.onStateContent(giving, content);
            }
        });
    }

    private void checkKept(int leader, ProtocolEvent.MessageReceived proposal) {
        submit(peers, leader, proposal.batch().encoded(), () -> tell(frames.check(proposal)));
    }

    private void tell(PeerInput.Events events) throws InterruptedException {
        for (ProtocolEvent event : events.events()) {
            sink.onPeerEvent(event);
        }
    }

    void onClientFrame(int node, ClientId clientId, byte[] frame) {
        ClientMessage message;
        try {
            message = ClientMessage.parseFrom(frame);
        } catch (InvalidProtocolBufferException e) {
            refuse(node, e);
            return;
        }
        switch (message.getBodyCase()) {
            case ORDERED ->
                submit(ordered, node, frame, () -> {
                    ClientBundle bundle = BatchCodec.decode(message.getOrdered());
                    if (!bundles.verify(bundle)) {
                        throw new RejectedMessageException(
                                RejectedMessageException.Reason.BAD_SIGNATURE,
                                "a bundle that client " + bundle.clientId() + " did not sign");
                    }
                    sink.onBundle(bundle);
                });
            case UNORDERED ->
                submit(unordered, node, frame, () -> {
                    UnorderedRequest request = message.getUnordered();
                    sink.onUnordered(
                            clientId,
                            request.getNumber(),
                            request.getOperation().toByteArray());
                });
            case EPOCHS_REQUEST ->
                submit(
                        unordered,
                        node,
                        frame,
                        () -> sink.onEpochsAsked(
                                clientId, message.getEpochsRequest().getFromEpoch()));
            case BODY_NOT_SET -> refuse(node, new MalformedMessageException("a client message without a body"));
        }
    }

    private void submit(Map<Integer, SerialWorker> lanes, int from, byte[] frame, Work work) {
        SerialWorker thread = lanes.computeIfAbsent(from, _ -> new SerialWorker(process));
        if (thread.waiting() >= MAX_WAITING) {
            return;
        }
        long jitterMicros = process.machine().random().nextInt(20);
        thread.submit(DECODE_MICROS + jitterMicros + frame.length / BYTES_PER_MICRO, () -> {
            try {
                work.run();
            } catch (MalformedMessageException | RejectedMessageException e) {
                refuse(from, e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the simulation", e);
            }
        });
    }

    private void tellFound(Proof proof) {
        try {
            sink.onPeerEvent(new ProtocolEvent.Evidence(new EvidenceEvent.Found(proof)));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the simulation", e);
        }
    }

    private void refuse(int from, Exception reason) {
        process.trace(TraceEvent.REFUSES, from, reason::getMessage);
        process.machine().onRefused(from, reason);
        if (reason instanceof RejectedMessageException rejected) {
            rejected.proof().ifPresent(this::tellFound);
        }
    }
}
