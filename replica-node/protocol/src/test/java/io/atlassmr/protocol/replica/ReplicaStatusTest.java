package io.atlassmr.protocol.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.protocol.evidence.EvidenceStatus;
import io.atlassmr.protocol.health.ClusterHealth;
import io.atlassmr.protocol.transfer.StateTransferState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaStatusTest {

    private static final long UNKNOWN = Long.MAX_VALUE;

    @ParameterizedTest
    @CsvSource({
        "12, false, 0, 12",
        "12, true, 0, " + UNKNOWN,
        "12, true, 84, 84",
        "90, true, 84, 90",
    })
    void aReadHasToSeeWhatMayHaveBeenAnsweredAfterAForgottenVote(
            long lastCommitted, boolean abstains, long abstainsUntil, long readableFrom) {
        RecoveryStatus recovery = new RecoveryStatus(
                true, false, 0, 0, 1, false, abstains, abstainsUntil, 0, new StateTransferState.NotRunning());
        ReplicaStatus status = new ReplicaStatus(
                1,
                0,
                0,
                false,
                11,
                11,
                null,
                lastCommitted,
                0,
                EvidenceStatus.NONE,
                0,
                recovery,
                null,
                ClusterHealth.UNKNOWN);
        assertEquals(readableFrom, status.readableFrom());
    }
}
