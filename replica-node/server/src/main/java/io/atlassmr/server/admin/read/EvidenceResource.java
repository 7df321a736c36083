package io.atlassmr.server.admin.read;

import io.atlassmr.protocol.evidence.EvidenceStatus;
import io.atlassmr.protocol.evidence.KeptProof;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.server.admin.RunningReplica;
import io.atlassmr.server.admin.access.RequiresRole;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.face.AdminFace;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** What is proven against members, in the admin API. */
@AdminFace
@Path("/admin/v1/evidence")
@Produces(MediaType.APPLICATION_JSON)
public final class EvidenceResource {

    private final RunningReplica replica;
    private final ReplicaSettings settings;

    @Inject
    EvidenceResource(RunningReplica replica, ReplicaSettings settings) {
        this.replica = replica;
        this.settings = settings;
    }

    /** All proofs that this replica keeps, without their bytes. */
    @GET
    @Operation(summary = "What this replica can prove against members")
    @RequiresRole(value = Role.VIEWER, what = "the evidence")
    public EvidenceAnswer list() {
        EvidenceStatus evidence = evidence();
        return new EvidenceAnswer(
                genesis().clusterId(),
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
    @Operation(summary = "One proof, with what is needed to check it")
    @APIResponse(
            responseCode = "200",
            description = "The proof",
            content = @Content(schema = @Schema(implementation = EvidenceDocument.class)))
    @APIResponse(responseCode = "404", description = "This replica keeps no such proof")
    @RequiresRole(value = Role.VIEWER, what = "a proof")
    public EvidenceDocument show(@PathParam("id") String id) {
        return evidence().proofs().stream()
                .filter(kept -> kept.id().toHex().equals(id))
                .findFirst()
                .map(this::document)
                .orElseThrow(() -> new ProblemException(
                        Problem.of(Problem.Kind.NO_SUCH_PROOF, "this replica keeps no proof with this id")));
    }

    private EvidenceDocument document(KeptProof kept) {
        long epoch = kept.proof().misdeed().epoch();
        List<Decision> links = linksTo(epoch);
        Membership members =
                links.isEmpty() ? genesis() : links.getLast().batch().epoch().membership();
        if (members.epoch() != epoch) {
            throw new ProblemException(Problem.of(
                    Problem.Kind.UNAVAILABLE, "this replica cannot prove the members of epoch " + epoch + " yet"));
        }
        return EvidenceDocument.of(kept, members, links);
    }

    /** The decisions that began the epochs up to this one, as far as the log has them. */
    private List<Decision> linksTo(long epoch) {
        List<Decision> links = new ArrayList<>();
        while (links.size() + 1 < epoch) {
            List<Decision> next = replica.epochs(links.size() + 2);
            if (next.isEmpty()) {
                break;
            }
            links.addAll(next.subList(0, (int) Math.min(next.size(), epoch - 1 - links.size())));
        }
        return links;
    }

    private EvidenceStatus evidence() {
        return replica.snapshot().protocol().evidence();
    }

    private Membership genesis() {
        return settings.replica().protocol().membership();
    }
}
