package io.atlassmr.server.admin;

import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.runtime.replica.status.DigestHistory;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import io.atlassmr.server.replica.ReplicaProcess;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;

/**
 * What a request to the admin API reads of the replica of this process; each read ends the request with a problem while the replica
 * starts. All that is told of where it stands in one answer is of one moment.
 */
@RequestScoped
public class RunningReplica {

    private final ReplicaProcess process;
    private ReplicaSnapshot snapshot;

    @Inject
    RunningReplica(ReplicaProcess process) {
        this.process = process;
    }

    /** Where it stands. */
    public ReplicaSnapshot snapshot() {
        if (snapshot == null) {
            snapshot = process.snapshot().orElseThrow(RunningReplica::starting);
        }
        return snapshot;
    }

    /** The digests after the last decisions. */
    public DigestHistory digests() {
        return process.digests().orElseThrow(RunningReplica::starting);
    }

    /** The certificates of the checkpoints that are held, ascending. */
    public List<Certificate> checkpoints() {
        return process.checkpoints().orElseThrow(RunningReplica::starting);
    }

    /** Some of the decisions that began epochs, from this epoch on, as the log has them. */
    public List<Decision> epochs(long from) {
        try {
            return process.epochs(from).orElseThrow(RunningReplica::starting);
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(Problem.Kind.UNAVAILABLE, "the log cannot be read: " + e.getMessage()));
        }
    }

    /** What a request ends with while there is no replica yet. */
    public static ProblemException starting() {
        return new ProblemException(Problem.of(Problem.Kind.UNAVAILABLE, "this replica is starting; ask again"));
    }
}
