package io.atlassmr.runtime.replica;

import io.atlassmr.protocol.message.Decision;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.runtime.log.DecisionServer;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Answers peers that lack decisions, off the event loop. Requests that find no room are dropped: the peer asks another. */
final class DecisionSender {

    private static final Logger LOG = Logger.getLogger(DecisionSender.class);
    private static final int MAX_WAITING = 64;

    private final DecisionServer server;
    private final ReplicaNetworkNode network;
    private final ThreadPoolExecutor thread;

    DecisionSender(DecisionServer server, ReplicaNetworkNode network) {
        this.server = server;
        this.network = network;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().name("atlas-decision-sender").daemon().factory(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    void send(int to, long fromSequenceNumber, long toSequenceNumber) {
        thread.execute(() -> {
            try {
                List<Decision> decisions = server.read(fromSequenceNumber, toSequenceNumber);
                if (!decisions.isEmpty()) {
                    boolean _ = network.sendToReplica(to, TrafficClass.STATE_TRANSFER, PeerFrames.decisions(decisions));
                }
            } catch (IOException | RuntimeException e) {
                LOG.errorf(e, "cannot read decisions from %d on for replica %d", fromSequenceNumber, to);
            }
        });
    }

    void close() throws InterruptedException {
        thread.shutdown();
        boolean _ = thread.awaitTermination(1, TimeUnit.MINUTES);
    }
}
