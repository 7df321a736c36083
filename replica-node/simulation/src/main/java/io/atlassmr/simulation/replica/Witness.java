package io.atlassmr.simulation.replica;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.orchestrator.ReplicaListener;
import io.atlassmr.simulation.check.Violation;
import io.atlassmr.simulation.trace.TraceEvent;
import java.io.IOException;
import java.util.function.Supplier;

/** Sees what a replica does in one life, and tells the referee, the trace and the statistics. */
final class Witness implements ReplicaListener {

    private final World world;
    private final Machine machine;
    private long delivered;

    Witness(World world, Machine machine) {
        this.world = world;
        this.machine = machine;
    }

    /** It has read its log, which ends with this decision. */
    void onRemembered(long lastDecided) {
        delivered = lastDecided;
        machine.onRemembered();
        trace(TraceEvent.STARTS, machine.starts(), delivered);
    }

    void onSigned(ProtocolMessage message, long epoch) {
        world.referee().onSigned(machine.id(), message, epoch);
        trace(TraceEvent.SIGNS, message.view(), 0, () -> message.getClass().getSimpleName());
    }

    void onPersisted(LogRecord record) {
        world.referee().onPersisted(machine.id(), record);
    }

    void onDurable(long ticket) {
        trace(TraceEvent.DURABLE, ticket, 0);
    }

    void onDelivered(Decision decision) {
        trace(
                TraceEvent.DELIVERS,
                decision.sequenceNumber(),
                decision.certificate().view(),
                () -> decision.batch().digest());
        if (decision.sequenceNumber() != ++delivered) {
            throw new IllegalStateException(
                    "decision " + decision.sequenceNumber() + " is delivered in place of " + delivered);
        }
        world.referee().onDelivered(machine.id(), decision);
    }

    void onExecuted(ExecutedBatch batch) {
        trace(TraceEvent.EXECUTES, batch.sequenceNumber(), batch.stateDigest().hashCode() & 0xffffffffL);
        world.referee().onExecuted(machine.id(), batch);
    }

    void onInstalled(long sequenceNumber, OrderedExecution installed) {
        trace(TraceEvent.INSTALLS, sequenceNumber, installed.lastExecuted());
        world.referee().onInstalled(machine.id(), sequenceNumber, installed);
        machine.onInstalled();
        delivered = Math.max(delivered, sequenceNumber);
    }

    /** A checkpoint is believed, to be kept or to be fetched. */
    void onCertified(Certificate certificate) {
        world.referee().onCheckpoint(machine.id(), certificate);
    }

    /** What a decision gave is told to its clients, unasked. */
    void onReplied(long sequenceNumber) {
        world.referee().onReplied(machine.id(), sequenceNumber);
    }

    void onInstallFailed(long sequenceNumber, IOException reason) {
        throw new Violation("state: replica " + machine.id() + " cannot install checkpoint " + sequenceNumber, reason);
    }

    /** As in the runtime, the next one may succeed; only a full disk excuses it. */
    void onSkippedCheckpoint(long sequenceNumber, IOException reason) {
        trace(TraceEvent.FAULT, sequenceNumber, 0, () -> "a checkpoint is not written: " + reason);
        if (!machine.files().wasFull()) {
            throw new Violation("replica " + machine.id() + " cannot write checkpoint " + sequenceNumber, reason);
        }
    }

    void onCheckpointDue(long sequenceNumber, boolean isDue) {
        world.referee().onCheckpointDue(machine.id(), sequenceNumber, isDue);
    }

    @Override
    public void onCheckpointStable(long sequenceNumber) {
        trace(TraceEvent.CHECKPOINT, sequenceNumber, 0);
        machine.onCheckpoint();
    }

    @Override
    public void onDivergence(long sequenceNumber) {
        if (world.referee().isHonest(machine.id())) {
            throw new Violation(
                    "state: honest replica " + machine.id() + " diverges from checkpoint " + sequenceNumber);
        }
    }

    @Override
    public void onPeerDropped(int peer, String why) {
        machine.statistics().peersDropped++;
        trace(TraceEvent.REPORTS, peer, 0, () -> why);
    }

    @Override
    public void onViewInstalled(long view, int leader) {
        machine.onViewInstalled();
        trace(TraceEvent.ENTERS_VIEW, view, leader);
    }

    @Override
    public void onViewTransferStarted(long view) {
        trace(TraceEvent.LEAVES_VIEW, view, 0);
    }

    @Override
    public void onEvidence(int member, String what) {
        trace(TraceEvent.REPORTS, member, 0, () -> what);
        world.referee().onEvidence(machine.id(), member, what);
    }

    @Override
    public void onEpochEntered(Epoch epoch) {
        world.referee().onEpochEntered(machine.id(), epoch);
        if (world.network().isParted()) {
            machine.statistics().changesWhileParted++;
        }
        trace(TraceEvent.ENTERS_EPOCH, epoch.number(), epoch.base());
    }

    @Override
    public void onCommandRefused(SignedCommand command, Refusal refusal) {
        trace(TraceEvent.REPORTS, refusal.code(), 0, () -> "refuses " + command.command() + ": " + refusal.text());
    }

    void trace(TraceEvent event, long first, long second) {
        world.trace().record(machine.id(), event, first, second);
    }

    void trace(TraceEvent event, long first, long second, Supplier<?> detail) {
        world.trace().record(machine.id(), event, first, second, detail);
    }

    void trace(TraceEvent event, int other, Supplier<?> detail) {
        world.trace().record(machine.id(), event, other, 0, 0, detail);
    }
}
