package io.atlassmr.server.admin.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.evidence.EvidenceStatus;
import io.atlassmr.protocol.health.ClusterHealth;
import io.atlassmr.protocol.replica.RecoveryStatus;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.protocol.transfer.StateTransferState;
import io.atlassmr.runtime.configuration.ExecutionModel;
import io.atlassmr.runtime.execution.ExecutionReport;
import io.atlassmr.runtime.log.StorageCondition;
import io.atlassmr.runtime.orchestrator.ExecutionPhase;
import io.atlassmr.runtime.orchestrator.TransferPhase;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.server.admin.recovery.RecoveryProgress.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A replica that has decided up to 500 and executed up to {@code executed}. */
class RecoveryProgressTest {

    private static final long DECIDED = 500;

    private static RecoveryProgress progress(long executed, RecoveryStatus recovery) {
        return RecoveryProgress.of(new ReplicaSnapshot(
                ReplicaSnapshot.Lifecycle.RUNNING,
                new ReplicaStatus(
                        1,
                        0,
                        0,
                        false,
                        DECIDED,
                        executed,
                        null,
                        DECIDED,
                        0,
                        EvidenceStatus.NONE,
                        0,
                        recovery,
                        null,
                        ClusterHealth.UNKNOWN),
                new ExecutionPhase.Ordering(0),
                new TransferPhase.NotRunning(),
                executed,
                Digest.ZERO,
                0,
                0,
                0,
                Map.of(),
                new StorageCondition.Report(Map.of(), 0, List.of()),
                new ExecutionReport(ExecutionModel.SINGLE_THREADED, Optional.empty(), 0, Optional.empty(), 0, 0)));
    }

    private static RecoveryStatus status(
            boolean behind, long target, boolean abstains, StateTransferState stateTransfer) {
        return new RecoveryStatus(
                !abstains,
                behind,
                target,
                400,
                301,
                false,
                abstains,
                abstains ? 600 : 0,
                abstains ? 3 : 0,
                stateTransfer);
    }

    private static RecoveryStatus transfer(StateTransferState state) {
        return status(true, 900, true, state);
    }

    private static RecoveryStatus noTransfer(boolean behind, long target, boolean abstains) {
        return status(behind, target, abstains, new StateTransferState.NotRunning());
    }

    @Test
    void stateTransferComesFirst() {
        assertEquals(
                new RecoveryProgress(Step.SEEKING_STATE, 0, 0, 0, 0, 0, 500, 900, null),
                progress(500, transfer(new StateTransferState.Seeking())));
        assertEquals(
                new RecoveryProgress(Step.FETCHING_MANIFEST, 800, 1, 3, 0, 0, 500, 900, null),
                progress(500, transfer(new StateTransferState.FetchingManifest(800, 1, 3))));
        assertEquals(
                new RecoveryProgress(Step.FETCHING_STATE, 800, 4, 9, 40, 90, 500, 900, null),
                progress(500, transfer(new StateTransferState.FetchingParts(800, 4, 9, 40, 90))));
        assertEquals(
                new RecoveryProgress(Step.INSTALLING_STATE, 800, 0, 0, 0, 0, 500, 900, null),
                progress(500, transfer(new StateTransferState.Installing(800))));
    }

    @Test
    void thenTheLog() {
        assertEquals(
                new RecoveryProgress(Step.FETCHING_LOG, 0, 0, 0, 0, 0, 500, 900, null),
                progress(10, noTransfer(true, 900, true)));
    }

    @Test
    void thenItsExecutionWhichCountsWhatIsExecuted() {
        assertEquals(
                new RecoveryProgress(Step.EXECUTING, 0, 0, 0, 0, 0, 10, 500, null),
                progress(10, noTransfer(false, 500, true)));
    }

    @Test
    void thenTheRightToVote() {
        assertEquals(
                Step.ABSTAINING, progress(490, noTransfer(false, 500, true)).step());
    }

    @Test
    void aReplicaThatIsALittleLateIsNotRecovering() {
        assertEquals(Step.NONE, progress(490, noTransfer(false, 500, false)).step());
    }

    @Test
    void stepsAreNumberedAsAPersonCountsThem() {
        assertEquals(0, Step.NONE.number());
        assertEquals(1, Step.FETCHING_STATE.number());
        assertEquals(2, Step.FETCHING_LOG.number());
        assertEquals(3, Step.EXECUTING.number());
        assertEquals(4, Step.ABSTAINING.number());
    }
}
