package io.atlassmr.runtime.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.runtime.log.DecisionServer;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.runtime.reply.ReplySigning;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/** Answers peers, and clients, that lack decisions, off the event loop. Requests that find no room are dropped: whoever asked asks another. */
final class DecisionSender {

    private static final Logger LOG = Logger.getLogger(DecisionSender.class);
    private static final int MAX_WAITING = 64;

    private final DecisionServer server;
    private final ReplicaNetworkNode network;
    private final LongSupplier epoch;
    private final ReplySigning signing;
    private final ThreadPoolExecutor thread;

    /** @param epoch the newest that is known here */
    DecisionSender(DecisionServer server, ReplicaNetworkNode network, LongSupplier epoch, ReplySigning signing) {
        this.signing = signing;
        this.epoch = epoch;
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
                    boolean _ = network.sendToReplica(
                            to, TrafficClass.STATE_TRANSFER, PeerFrames.decisions(decisions, epoch.getAsLong()));
                }
            } catch (IOException | RuntimeException e) {
                LOG.errorf(e, "cannot read decisions from %d on for replica %d", fromSequenceNumber, to);
            }
        });
    }

    void sendEpochs(int to, long fromEpoch) {
        thread.execute(() -> {
            try {
                List<Decision> decisions = server.epochs(fromEpoch);
                if (!decisions.isEmpty()) {
                    boolean _ = network.sendToReplica(to, TrafficClass.RECONFIGURATION, PeerFrames.epochs(decisions));
                }
            } catch (IOException | RuntimeException e) {
                LOG.errorf(e, "cannot read the epochs from %d on for replica %d", fromEpoch, to);
            }
        });
    }

    void sendEpochs(ClientId to, long fromEpoch) {
        thread.execute(() -> {
            try {
                List<Decision> decisions = server.epochs(fromEpoch);
                if (!decisions.isEmpty()) {
                    boolean _ = network.sendToClient(
                            to, signing.epochs(to, decisions).frame());
                }
            } catch (IOException | RuntimeException e) {
                LOG.errorf(e, "cannot read the epochs from %d on for client %s", fromEpoch, to);
            }
        });
    }

    void close() throws InterruptedException {
        thread.shutdown();
        boolean _ = thread.awaitTermination(1, TimeUnit.MINUTES);
    }
}
