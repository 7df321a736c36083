package io.atlassmr.runtime.preprocessing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.verify.BundleVerifier;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.wire.v1.ClientMessage;
import io.atlassmr.wire.v1.UnorderedRequest;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Decodes and checks frames off the network's and the orchestrator's threads. Peers and clients have threads and queues of
 * their own, so that clients cannot starve agreement. A frame that finds its queue full is dropped and counted: peers repeat,
 * clients ask again.
 */
public final class PreProcessing implements NetworkListener {

    private static final Logger LOG = Logger.getLogger(PreProcessing.class);
    private static final int PEER_QUEUE = 8192;
    private static final int CLIENT_QUEUE = 8192;

    /** Where checked input goes. Called on pre-processing threads. */
    public interface Sink {

        /** An event of a peer; may block while agreement is behind. */
        void onPeerEvent(ProtocolEvent event) throws InterruptedException;

        /** A verified bundle. */
        void onBundle(ClientBundle bundle);

        /** A read. */
        void onUnordered(ClientId clientId, long number, byte[] operation);

        /** A connection to a peer stands, or no longer. */
        void onPeerConnected(int replicaId, boolean connected);
    }

    private final PeerFrames frames;
    private final BundleVerifier bundles;
    private final Sink sink;
    private final RefusedFrames refused;
    private final ThreadPoolExecutor peers;
    private final ThreadPoolExecutor ordered;
    private final ThreadPoolExecutor unordered;

    public PreProcessing(
            PeerFrames frames,
            BundleVerifier bundles,
            Sink sink,
            RefusedFrames refused,
            int orderedThreads,
            int unorderedThreads) {
        this.frames = frames;
        this.bundles = bundles;
        this.sink = sink;
        this.refused = refused;
        this.peers = pool("atlas-peer-pre-processing-", orderedThreads, PEER_QUEUE);
        this.ordered = pool("atlas-ordered-pre-processing-", orderedThreads, CLIENT_QUEUE);
        this.unordered = pool("atlas-unordered-pre-processing-", unorderedThreads, CLIENT_QUEUE);
    }

    private static ThreadPoolExecutor pool(String name, int threads, int capacity) {
        ThreadFactory factory = Thread.ofPlatform().name(name, 0).daemon().factory();
        return new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(capacity), factory);
    }

    @Override
    public void onReplicaFrame(int replicaId, TrafficClass trafficClass, byte[] frame) {
        submit(
                peers,
                () -> {
                    for (ProtocolEvent event : frames.read(replicaId, frame)) {
                        sink.onPeerEvent(event);
                    }
                },
                "replica " + replicaId);
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
                        () -> {
                            UnorderedRequest request = message.getUnordered();
                            sink.onUnordered(
                                    clientId,
                                    request.getNumber(),
                                    request.getOperation().toByteArray());
                        },
                        "client " + clientId);
            case BODY_NOT_SET -> refused.malformed("client " + clientId, "a client message without a body");
        }
    }

    private interface Work {
        void run() throws MalformedMessageException, RejectedMessageException, InterruptedException;
    }

    private void submit(ThreadPoolExecutor pool, Work work, String from) {
        try {
            pool.execute(() -> {
                try {
                    work.run();
                } catch (MalformedMessageException e) {
                    refused.malformed(from, e.getMessage());
                } catch (RejectedMessageException e) {
                    refused.rejected(from, e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException e) {
                    LOG.errorf(e, "a frame of %s broke pre-processing; it was dropped", from);
                    refused.malformed(from, e.toString());
                }
            });
        } catch (RejectedExecutionException e) {
            refused.noRoom(from);
        }
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
        peers.shutdownNow();
        ordered.shutdownNow();
        unordered.shutdownNow();
    }
}
