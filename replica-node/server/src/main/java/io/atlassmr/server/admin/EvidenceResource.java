package io.atlassmr.server.admin;

import io.atlassmr.protocol.evidence.EvidenceStatus;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.face.AdminFace;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import io.atlassmr.server.replica.ReplicaProcess;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** What is proven against members, in the admin API. */
@AdminFace
@Path("/admin/v1/evidence")
@Produces(MediaType.APPLICATION_JSON)
public final class EvidenceResource {

    private final ReplicaProcess process;
    private final ReplicaSettings settings;

    @Inject
    EvidenceResource(ReplicaProcess process, ReplicaSettings settings) {
        this.process = process;
        this.settings = settings;
    }

    /** All proofs that this replica keeps, without their bytes. */
    @GET
    @NonBlocking
    public EvidenceAnswer list() {
        EvidenceStatus evidence = evidence();
        return new EvidenceAnswer(
                membership().clusterId(),
                settings.self().id(),
                evidence.liars().stream().sorted().toList(),
                evidence.faulty().stream().sorted().toList(),
                evidence.dropped(),
                evidence.proofs().stream().map(EvidenceAnswer.Item::of).toList());
    }

    /**
     * One proof.
     *
     * @param id 64 hexadecimal digits
     */
    @GET
    @Path("/{id}")
    @NonBlocking
    public EvidenceDocument show(@PathParam("id") String id) {
        return evidence().proofs().stream()
                .filter(kept -> kept.id().toHex().equals(id))
                .findFirst()
                .map(kept -> EvidenceDocument.of(kept, membership()))
                .orElseThrow(() -> new ProblemException(
                        Problem.of(Problem.Kind.NO_SUCH_PROOF, "this replica keeps no proof with this id")));
    }

    private EvidenceStatus evidence() {
        return process.snapshot()
                .orElseThrow(() -> new ProblemException(
                        Problem.of(Problem.Kind.UNAVAILABLE, "this replica is starting; ask again")))
                .protocol()
                .evidence();
    }

    private Membership membership() {
        return settings.replica().protocol().membership();
    }
}
