package io.atlassmr.runtime.replica;

import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.verify.MessageVerifier;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.runtime.configuration.ReplicaConfiguration;
import io.atlassmr.runtime.execution.ExecutionParts;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.log.DecisionLogWorker;
import io.atlassmr.runtime.log.DecisionServer;
import io.atlassmr.runtime.log.StorageCondition;
import io.atlassmr.runtime.orchestrator.EffectDispatcher;
import io.atlassmr.runtime.orchestrator.Orchestrator;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.preprocessing.PreProcessing;
import io.atlassmr.runtime.preprocessing.RefusedFrames;
import io.atlassmr.runtime.replica.signing.MessageSigner;
import io.atlassmr.runtime.replica.status.DigestHistory;
import io.atlassmr.runtime.replica.status.LastExecuted;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot.Lifecycle;
import io.atlassmr.runtime.reply.ReplySender;
import io.atlassmr.runtime.transfer.StateServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A replica that runs, made of its parts by {@link MonolithicReplica} or {@link DivisibleReplica}. A request's way through it, and where to read on:
 *
 * <ol>
 *   <li>{@link ReplicaNetworkNode} hands over a client's frame,
 *   <li>{@link PreProcessing} decodes it and checks the client's signature,
 *   <li>{@link Intake} offers the bundle to the event loop,
 *   <li>{@link Orchestrator} lets the protocols step: the leader puts it into a proposal,
 *   <li>{@link EffectDispatcher} hands the proposal to the {@link MessageSigner}, which signs and sends it,
 *   <li>the others' {@link PreProcessing} checks it, and their protocols prepare it,
 *   <li>{@link DecisionLogWorker} makes each vote durable before it is sent,
 *   <li>with a quorum of commits the batch is decided: an {@link Executor} executes it,
 *   <li>{@link DecisionLogWorker} makes the decision durable,
 *   <li>{@link ReplySender} signs and sends the replies.
 * </ol>
 *
 * <p>Thread-safe.
 */
public final class Replica implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Replica.class);
    private static final long SHUTDOWN_POLL_MILLIS = 10;

    private final int self;
    private final long shutdownGraceMillis;
    private final StorageCondition condition;
    private final RefusedFrames refused;
    private final ReplicaNetworkNode network;
    private final MessageVerifier messages;
    private final PreProcessing preProcessing;
    private final StoredState stored;
    private final ExecutionParts executionParts;
    private final LastExecuted lastExecuted;
    private final StateServer stateServer;
    private final ReplicaWorkers workers;
    private final EventLoop loop;
    private final Orchestrator orchestrator;
    private final Intake intake;

    /** @param composition whose steps were all taken */
    Replica(ReplicaConfiguration configuration, Composition composition) {
        this.self = configuration.protocol().self();
        this.shutdownGraceMillis = configuration.shutdownGraceMillis();
        this.condition = composition.condition;
        this.refused = composition.refused;
        this.network = composition.network;
        this.messages = composition.messages;
        this.preProcessing = composition.preProcessing;
        this.stored = composition.stored;
        this.executionParts = composition.executionParts;
        this.lastExecuted = composition.lastExecuted;
        this.stateServer = composition.stateServer;
        this.workers = composition.workers;
        this.loop = composition.loop;
        this.orchestrator = composition.loop.orchestrator();
        this.intake = composition.intake;
    }

    /** Has a command decided, if its signatures are good; false if the event loop is too busy to take it. */
    public boolean submit(SignedCommand command) throws RejectedMessageException {
        messages.verify(command);
        return orchestrator.submit(command);
    }

    /**
     * The decisions that began epochs, from this one on, at most a bounded number.
     *
     * @throws IOException if the log cannot be read
     */
    public List<Decision> epochs(long fromEpoch) throws IOException {
        return new DecisionServer(stored.records()).epochs(fromEpoch);
    }

    /** Asks for a checkpoint soon, beside those that are due; false if the event loop is too busy to take the wish. */
    public boolean wantCheckpoint() {
        return orchestrator.wantCheckpoint();
    }

    /**
     * Hands leadership over, leaves it to others from now on, and turns clients away; the replica votes on. Until {@link #resume}, or
     * the end of the process: whoever starts again takes part. Idempotent.
     *
     * @return false if the replica is stopping, or the event loop is too busy to take the wish
     */
    public synchronized boolean drain() {
        boolean drains = loop.change(Lifecycle.RUNNING, Lifecycle.DRAINING) || loop.lifecycle() == Lifecycle.DRAINING;
        if (drains) {
            intake.turnClientsAway(true);
        }
        return drains && orchestrator.drain(true);
    }

    /**
     * Serves clients and leads again, after {@link #drain}. Idempotent.
     *
     * @return false if the replica is stopping, or the event loop is too busy to take the wish
     */
    public synchronized boolean resume() {
        if (loop.lifecycle() == Lifecycle.DRAINING && orchestrator.drain(false)) {
            // Anything but a failure waits for this to end.
            intake.turnClientsAway(!loop.change(Lifecycle.DRAINING, Lifecycle.RUNNING));
        }
        return loop.lifecycle() == Lifecycle.RUNNING;
    }

    /** The digests after the last decisions executed since the start. */
    public DigestHistory digests() {
        return lastExecuted.history();
    }

    /** The certificates of the checkpoints that are held, ascending. */
    public List<Certificate> checkpoints() {
        return stored.checkpoints().certificates();
    }

    /** Where the replica stands. */
    public ReplicaSnapshot snapshot() {
        LastExecuted.Position position = lastExecuted.position();
        return new ReplicaSnapshot(
                loop.lifecycle(),
                orchestrator.status(),
                orchestrator.executionPhase(),
                orchestrator.transferPhase(),
                position.sequenceNumber(),
                position.stateDigest(),
                orchestrator.depth(),
                preProcessing.depth(),
                orchestrator.shedRequests(),
                refused.counts(),
                condition.report(),
                executionParts.report());
    }

    /**
     * Stops within about the configured grace: turns clients away, hands over leadership, executes and answers what is
     * decided, makes the log durable, closes. Idempotent.
     */
    @Override
    public void close() {
        boolean graceful = beginStop();
        if (!graceful && loop.lifecycle() != Lifecycle.FAILED) {
            return;
        }
        try {
            if (graceful) {
                handOverAndDrain();
            }
            stopThreads();
        } catch (InterruptedException e) {
            LOG.warn("interrupted while stopping; what is not durable yet is left to the peers");
            Thread.currentThread().interrupt();
        }
        release();
        loop.change(Lifecycle.STOPPING, Lifecycle.STOPPED);
    }

    private synchronized boolean beginStop() {
        boolean graceful = loop.change(Lifecycle.RUNNING, Lifecycle.STOPPING)
                || loop.change(Lifecycle.DRAINING, Lifecycle.STOPPING);
        if (graceful) {
            intake.turnClientsAway(true);
        }
        return graceful;
    }

    private void handOverAndDrain() throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(shutdownGraceMillis);
        if (!orchestrator.handOver()) {
            LOG.warn("the event loop is too busy to hand over leadership");
        }
        while (System.nanoTime() < deadlineNanos && (leads() || !drained())) {
            TimeUnit.MILLISECONDS.sleep(SHUTDOWN_POLL_MILLIS);
        }
        LOG.infof(
                "stopping: %s, decided %d, executed %d",
                leads() ? "leadership could not be handed over" : "leadership is elsewhere",
                orchestrator.status().lastDecided(),
                lastExecuted.position().sequenceNumber());
    }

    private boolean leads() {
        return orchestrator.status().leader() == self && !orchestrator.status().inViewTransfer();
    }

    private boolean drained() {
        return lastExecuted.position().sequenceNumber() == orchestrator.status().lastDecided();
    }

    private void stopThreads() throws InterruptedException {
        preProcessing.close();
        loop.stop();
        stateServer.close();
        workers.stop();
    }

    private void release() {
        network.close();
        preProcessing.close();
        stored.close();
    }
}
