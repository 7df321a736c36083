package io.atlassmr.server.admin;

import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.runtime.orchestrator.ExecutionPhase;
import io.atlassmr.runtime.orchestrator.TransferPhase;
import io.atlassmr.runtime.replica.DigestHistory;
import io.atlassmr.runtime.replica.ReplicaSnapshot;
import io.atlassmr.server.admin.AdminStatus.Phase;
import io.atlassmr.server.admin.AdminStatus.Transfer;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.face.AdminFace;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.lang.management.ManagementFactory;

/** The admin API, version 1. Reached through the TLS port alone. */
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
    @NonBlocking
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
    @NonBlocking
    public DigestHistory.Range digests(
            @QueryParam("first") @DefaultValue("1") long first, @QueryParam("count") @DefaultValue("1") int count) {
        return replica.digests().range(first, count);
    }
}
