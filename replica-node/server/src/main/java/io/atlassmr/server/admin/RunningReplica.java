package io.atlassmr.server.admin;

import io.atlassmr.protocol.message.Decision;
import io.atlassmr.runtime.replica.DigestHistory;
import io.atlassmr.runtime.replica.ReplicaSnapshot;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import io.atlassmr.server.replica.ReplicaProcess;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;

/** What the admin API reads of the replica of this process; each read ends the request with a problem while the replica starts. Thread-safe. */
@Singleton
class RunningReplica {

    private final ReplicaProcess process;

    @Inject
    RunningReplica(ReplicaProcess process) {
        this.process = process;
    }

    ReplicaSnapshot snapshot() {
        return process.snapshot().orElseThrow(RunningReplica::starting);
    }

    DigestHistory digests() {
        return process.digests().orElseThrow(RunningReplica::starting);
    }

    /** Some of the decisions that began epochs, from this epoch on, as the log has them. */
    List<Decision> epochs(long from) {
        try {
            return process.epochs(from).orElseThrow(RunningReplica::starting);
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(Problem.Kind.UNAVAILABLE, "the log cannot be read: " + e.getMessage()));
        }
    }

    static ProblemException starting() {
        return new ProblemException(Problem.of(Problem.Kind.UNAVAILABLE, "this replica is starting; ask again"));
    }
}
