package io.atlassmr.server.admin.read;

import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.runtime.orchestrator.ExecutionPhase;
import io.atlassmr.runtime.orchestrator.TransferPhase;
import io.atlassmr.runtime.replica.status.DigestHistory;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.server.admin.RunningReplica;
import io.atlassmr.server.admin.access.RequiresRole;
import io.atlassmr.server.admin.read.AdminStatus.Phase;
import io.atlassmr.server.admin.read.AdminStatus.Transfer;
import io.atlassmr.server.admin.recovery.RecoveryMonitor;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.face.AdminFace;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.lang.management.ManagementFactory;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The admin API, version 1. Reached through the TLS port alone, and answered on workers' threads, where an answer may be signed. */
@AdminFace
@Path("/admin/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class AdminResource {

    private final RunningReplica replica;
    private final ReplicaSettings settings;
    private final RecoveryMonitor monitor;

    @Inject
    AdminResource(RunningReplica replica, ReplicaSettings settings, RecoveryMonitor monitor) {
        this.replica = replica;
        this.settings = settings;
        this.monitor = monitor;
    }

    /** Where this replica stands. */
    @GET
    @Path("/status")
    @Operation(summary = "Where this replica stands")
    @RequiresRole(value = Role.VIEWER, what = "the status")
    public AdminStatus status() {
        ReplicaSnapshot snapshot = replica.snapshot();
        ReplicaStatus protocol = snapshot.protocol();
        Membership membership = protocol.reconfiguration().current().membership();
        Quorum quorum = membership.quorum();
        return new AdminStatus(
                membership.clusterId(),
                membership.epoch(),
                settings.self().id(),
                protocol.isMember(settings.self().id()),
                snapshot.lifecycle(),
                switch (snapshot.executionPhase()) {
                    case ExecutionPhase.Ordering _ -> Phase.ORDERING;
                    case ExecutionPhase.ViewTransfer _ -> Phase.VIEW_TRANSFER;
                },
                switch (snapshot.transferPhase()) {
                    case TransferPhase.NotRunning _ -> Transfer.NOT_RUNNING;
                    case TransferPhase.Running _ -> Transfer.RUNNING;
                },
                monitor.progress(snapshot),
                snapshot.storage(),
                snapshot.ready(),
                protocol.view(),
                protocol.leader(),
                protocol.lastDecided(),
                protocol.lastExecuted(),
                protocol.lastCommitted(),
                snapshot.executedSequenceNumber(),
                snapshot.stateDigest().toHex(),
                protocol.recovery().stableCheckpoint(),
                protocol.recovery().firstAvailable(),
                protocol.recovery().diverged(),
                protocol.recovery().abstains(),
                protocol.recovery().abstainsUntil(),
                protocol.recovery().abstainsUntilView(),
                protocol.viewChanges(),
                protocol.evidenceCount(),
                protocol.pendingRequests(),
                ProcessHandle.current().pid(),
                ManagementFactory.getRuntimeMXBean().getUptime(),
                settings.replica().durability(),
                quorum.n(),
                quorum.f(),
                quorum.size(),
                HealthReport.of(protocol),
                protocol.reconfiguration().checkpointPolicy());
    }

    /**
     * The state digests after decisions that this replica executed since its start, for as long as it remembers.
     *
     * @param first the first decision
     * @param count how many, at most {@link DigestHistory#CAPACITY}
     */
    @GET
    @Path("/digests")
    @RequiresRole(value = Role.VIEWER, what = "the digests")
    @Operation(summary = "The state digests after decisions that this replica executed since its start")
    public DigestsAnswer digests(
            @QueryParam("first") @DefaultValue("1") @Schema(minimum = "0") long first,
            @QueryParam("count") @DefaultValue("1") @Schema(minimum = "1", maximum = "8192") int count) {
        if (first < 0 || count < 1 || count > DigestHistory.CAPACITY) {
            throw new ProblemException(Problem.of(
                    Problem.Kind.BAD_REQUEST, "first is at least 0, and count 1 to " + DigestHistory.CAPACITY));
        }
        return DigestsAnswer.of(replica.digests().range(first, count));
    }

    /** How far this replica is on its way back, if it is on one. */
    @GET
    @Path("/recovery")
    @Operation(summary = "How far this replica is on its way back, if it is on one")
    @RequiresRole(value = Role.VIEWER, what = "the recovery")
    public RecoveryAnswer recovery() {
        ReplicaSnapshot snapshot = replica.snapshot();
        return RecoveryAnswer.of(
                clusterId(snapshot.protocol()),
                settings.self().id(),
                monitor.progress(snapshot),
                snapshot.protocol().recovery());
    }

    private static String clusterId(ReplicaStatus protocol) {
        return protocol.reconfiguration().current().membership().clusterId();
    }
}
