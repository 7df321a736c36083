package io.atlassmr.simulation.replica;

import io.atlassmr.kv.KvApplication;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.reconfiguration.ReconfigurationStart;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.log.RecordStore;
import io.atlassmr.runtime.log.StorageCondition;
import io.atlassmr.simulation.storage.SimulatedLog;
import java.io.IOException;
import java.util.List;

/**
 * What a process finds on its machine, as the runtime reads it.
 *
 * @param protocols what the protocols start from
 * @param cluster and what they know of the cluster
 * @param proofs the evidence that was kept
 */
record Memory(
        RecordStore log,
        CheckpointStore checkpoints,
        OrderingState protocols,
        ReconfigurationStart cluster,
        List<Proof> proofs) {

    /** Reads everything, and brings execution to where the log ends. */
    static Memory read(World world, Machine machine, KvApplication application, OrderedExecution execution)
            throws IOException {
        Membership membership = world.membership();
        RecordStore log = new RecordStore(
                world.seams().log().apply(new SimulatedLog(machine.disk())),
                membership.clusterId(),
                machine.id(),
                machine.isNew());
        CheckpointStore checkpoints = new CheckpointStore(
                machine.checkpoints(), application.state(), world.seams().parts(), new StorageCondition());
        Certificate checkpoint = checkpoints.recover(log.checkpoints());
        OrderingState protocols = world.seams()
                .remembered()
                .apply(log.load(world.scenario().protocol().window(), checkpoint));
        if (checkpoint != null) {
            execution.restore(checkpoints.source(checkpoint.sequenceNumber()));
        }
        for (long s = execution.lastExecuted() + 1; s <= protocols.lastDecided(); s++) {
            Decision decision = log.decision(s);
            world.referee().onDelivered(machine.id(), decision);
            world.referee().onExecuted(machine.id(), execution.execute(decision));
            if (execution.isCheckpointDue()) {
                execution.capture().close();
            }
        }
        return new Memory(
                log,
                checkpoints,
                protocols,
                new ReconfigurationStart(log.history(membership), execution.reconfiguration()),
                log.evidence());
    }
}
