package io.atlassmr.runtime.preprocessing;

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
import io.atlassmr.runtime.frame.StateTransferFrames.StateContent;
import io.atlassmr.runtime.frame.StateTransferFrames.StateRequest;
import io.atlassmr.runtime.frame.VouchedProposals;
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.wire.v1.ClientMessage;
import io.atlassmr.wire.v1.UnorderedRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Decodes and checks frames off the network's and the orchestrator's threads. Agreement among peers, requests that they forward, what
 * they fetch of each other, and clients have threads and queues of their own, so that requests cannot starve agreement, and a replica
 * that fetches does not wait for a cluster that goes on without it. A frame that finds its queue full is dropped and counted: peers repeat,
 * clients ask again.
 */
public final class PreProcessing implements NetworkListener {

    private static final Logger LOG = Logger.getLogger(PreProcessing.class);
    private static final Executor PATIENCE =
            CompletableFuture.delayedExecutor(VouchedProposals.PATIENCE_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);
    private static final FairLanes.Bound OF_PEER = new FairLanes.Bound(8192, 128L << 20);
    private static final FairLanes.Bound OF_FETCHED = new FairLanes.Bound(4096, 64L << 20);
    private static final FairLanes.Bound OF_FORWARDED = new FairLanes.Bound(1024, 16L << 20);
    private static final FairLanes.Bound OF_CLIENT = new FairLanes.Bound(1024, 16L << 20);
    private static final FairLanes.Bound OF_CLIENTS = new FairLanes.Bound(16_384, 128L << 20);

    /** Where checked input goes. Called on pre-processing threads. */
    public interface Sink {

        /** An event of a peer; may block while agreement is behind. */
        void onPeerEvent(ProtocolEvent event) throws InterruptedException;

        /** A peer asks for state. */
        void onStateRequest(int from, StateRequest request);

        /** A peer gives state, unverified. */
        void onStateContent(int from, StateContent content);

        /** A verified bundle. */
        void onBundle(ClientBundle bundle);

        /** A read. */
        void onUnordered(ClientId clientId, long number, byte[] operation);

        /** A client wants to know how the epochs from this one on began. */
        void onEpochsAsked(ClientId clientId, long fromEpoch);

        /** Whether the peer is proven to lie. */
        boolean isLiar(int replicaId);

        /** A connection to a peer stands, or no longer. */
        void onPeerConnected(int replicaId, boolean connected);
    }

    private final PeerFrameReader frames;
    private final BundleVerifier bundles;
    private volatile Sink sink;
    private final RefusedFrames refused;
    private final LiarLimit liars = new LiarLimit(System::nanoTime);
    private final FairLanes<Integer> peers;
    private final FairLanes<Integer> fetched;
    private final FairLanes<Integer> forwarded;
    private final FairLanes<ClientId> ordered;
    private final FairLanes<ClientId> unordered;

    public PreProcessing(
            PeerFrameReader frames,
            BundleVerifier bundles,
            RefusedFrames refused,
            int orderedThreads,
            int unorderedThreads) {
        this.frames = frames;
        this.bundles = bundles;
        this.refused = refused;
        this.peers = new FairLanes<>("atlas-peer-pre-processing-", orderedThreads, OF_PEER, FairLanes.Bound.NONE);
        this.fetched = new FairLanes<>("atlas-transfer-pre-processing-", 1, OF_FETCHED, FairLanes.Bound.NONE);
        this.forwarded = new FairLanes<>("atlas-forwarded-pre-processing-", 1, OF_FORWARDED, FairLanes.Bound.NONE);
        this.ordered = new FairLanes<>("atlas-ordered-pre-processing-", orderedThreads, OF_CLIENT, OF_CLIENTS);
        this.unordered = new FairLanes<>("atlas-unordered-pre-processing-", unorderedThreads, OF_CLIENT, OF_CLIENTS);
    }

    /** Where checked input goes from now on. Before the network hands over its first frame. */
    public void open(Sink to) {
        sink = to;
    }

    @Override
    public void onReplicaFrame(int replicaId, TrafficClass trafficClass, byte[] frame) {
        if (sink.isLiar(replicaId) && !liars.admits(replicaId)) {
            refused.limited("replica " + replicaId);
            return;
        }
        submit(
                lanesOf(trafficClass),
                replicaId,
                frame.length,
                () -> {
                    switch (frames.read(replicaId, frame)) {
                        case PeerInput.Events events -> tell(events);
                        case PeerInput.Kept(var proposal) -> PATIENCE.execute(() -> checkKept(replicaId, proposal));
                        case PeerInput.Asked(int from, var request) -> sink.onStateRequest(from, request);
                        case PeerInput.Given(int from, var content) -> sink.onStateContent(from, content);
                    }
                },
                "replica " + replicaId);
    }

    private FairLanes<Integer> lanesOf(TrafficClass trafficClass) {
        return switch (trafficClass) {
            case PROTOCOL, RECONFIGURATION -> peers;
            case APPLICATION -> forwarded;
            case STATE_TRANSFER -> fetched;
        };
    }

    private void checkKept(int leader, ProtocolEvent.MessageReceived proposal) {
        int sizeBytes = proposal.batch().encoded().length;
        boolean taken = submit(peers, leader, sizeBytes, () -> tell(frames.check(proposal)), "replica " + leader);
        if (!taken) {
            PATIENCE.execute(() -> checkKept(leader, proposal));
        }
    }

    private void tell(PeerInput.Events events) throws InterruptedException {
        for (ProtocolEvent event : events.events()) {
            sink.onPeerEvent(event);
        }
    }

    @Override
    public void onClientFrame(ClientId clientId, byte[] frame) {
        ClientMessage message;
        try {
            message = ClientMessage.parseFrom(frame);
        } catch (InvalidProtocolBufferException e) {
            refused.malformed("client " + clientId, e.getMessage());
            return;
        }
        switch (message.getBodyCase()) {
            case ORDERED ->
                submit(
                        ordered,
                        clientId,
                        frame.length,
                        () -> {
                            ClientBundle bundle = BatchCodec.decode(message.getOrdered());
                            if (bundles.verify(bundle)) {
                                sink.onBundle(bundle);
                            } else {
                                throw new RejectedMessageException(
                                        RejectedMessageException.Reason.BAD_SIGNATURE,
                                        "a bundle that client " + bundle.clientId() + " did not sign");
                            }
                        },
                        "client " + clientId);
            case UNORDERED ->
                submit(
                        unordered,
                        clientId,
                        frame.length,
                        () -> {
                            UnorderedRequest request = message.getUnordered();
                            sink.onUnordered(
                                    clientId,
                                    request.getNumber(),
                                    request.getOperation().toByteArray());
                        },
                        "client " + clientId);
            case EPOCHS_REQUEST ->
                submit(
                        unordered,
                        clientId,
                        frame.length,
                        () -> sink.onEpochsAsked(
                                clientId, message.getEpochsRequest().getFromEpoch()),
                        "client " + clientId);
            case BODY_NOT_SET -> refused.malformed("client " + clientId, "a client message without a body");
        }
    }

    /** What was refused may prove something against who signed it. */
    private void tellFound(Proof proof) {
        try {
            sink.onPeerEvent(new ProtocolEvent.Evidence(new EvidenceEvent.Found(proof)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Work {
        void run() throws MalformedMessageException, RejectedMessageException, InterruptedException;
    }

    private <K> boolean submit(FairLanes<K> lanes, K sender, int sizeBytes, Work work, String from) {
        boolean taken = lanes.submit(sender, sizeBytes, () -> {
            try {
                work.run();
            } catch (MalformedMessageException e) {
                refused.malformed(from, e.getMessage());
            } catch (RejectedMessageException e) {
                refused.rejected(from, e);
                e.proof().ifPresent(this::tellFound);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.errorf(e, "a frame of %s broke pre-processing; it was dropped", from);
                refused.malformed(from, e.toString());
            }
        });
        if (!taken) {
            refused.noRoom(from);
        }
        return taken;
    }

    @Override
    public void onReplicaUp(int replicaId) {
        sink.onPeerConnected(replicaId, true);
    }

    @Override
    public void onReplicaDown(int replicaId) {
        sink.onPeerConnected(replicaId, false);
    }

    /** Stops at once; frames that wait are dropped. */
    public void close() {
        peers.close();
        fetched.close();
        forwarded.close();
        ordered.close();
        unordered.close();
    }

    /** Frames that wait to be checked. */
    public int depth() {
        return peers.depth() + fetched.depth() + forwarded.depth() + ordered.depth() + unordered.depth();
    }
}
