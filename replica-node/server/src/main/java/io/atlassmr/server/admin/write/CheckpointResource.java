package io.atlassmr.server.admin.write;

import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.replica.RecoveryStatus;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.server.admin.RunningReplica;
import io.atlassmr.server.admin.access.Caller;
import io.atlassmr.server.admin.access.RequiresRole;
import io.atlassmr.server.face.AdminFace;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import io.atlassmr.server.replica.ReplicaProcess;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.extensions.Extension;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Checkpoints in the admin API, version 1. */
@AdminFace
@Path("/admin/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class CheckpointResource {

    private final ReplicaProcess process;
    private final RunningReplica replica;
    private final Caller caller;

    @Inject
    CheckpointResource(ReplicaProcess process, RunningReplica replica, Caller caller) {
        this.process = process;
        this.replica = replica;
        this.caller = caller;
    }

    /** The checkpoints here, and the policy that the members agree on. */
    @GET
    @Path("/checkpoints")
    @Operation(
            summary =
                    "The checkpoints that this replica holds, with who signed them, and the policy that the members agree on")
    @RequiresRole(value = Role.VIEWER, what = "the checkpoints")
    public Checkpoints checkpoints() {
        ReplicaStatus protocol = replica.snapshot().protocol();
        return new Checkpoints(
                protocol.lastDecided(),
                protocol.recovery().stableCheckpoint(),
                protocol.recovery().firstAvailable(),
                protocol.reconfiguration().checkpointPolicy(),
                replica.checkpoints().stream().map(HeldCheckpoint::of).toList());
    }

    /** Asks for a checkpoint soon, beside those that are due. Answers 202 with where to see whether it is there. */
    @POST
    @Path("/checkpoint")
    @Operation(summary = "Asks for a checkpoint soon")
    @Extension(name = "x-role", value = "operator")
    @APIResponse(
            responseCode = "200",
            description = "It is done, or its outcome known",
            content = @Content(schema = @Schema(implementation = WantedCheckpoint.class)))
    @APIResponse(
            responseCode = "202",
            description = "It is under way; Location says where to see what becomes of it",
            content = @Content(schema = @Schema(implementation = WantedCheckpoint.class)))
    @RequiresRole(value = Role.OPERATOR, what = "a checkpoint")
    public Response checkpoint() {
        return caller.once(null, () -> {
            long wanted = process.wantCheckpoint()
                    .orElseThrow(() -> new ProblemException(Problem.of(
                            Problem.Kind.UNAVAILABLE,
                            "this replica is starting or too busy to take the wish; ask again")));
            caller.audit("a checkpoint", "asked");
            WantedCheckpoint view = view(wanted);
            return Response.status(view.done() ? 200 : 202)
                    .location(URI.create("/admin/v1/checkpoints/" + wanted))
                    .entity(view)
                    .build();
        });
    }

    /** Whether there is a stable checkpoint at or above this decision here. */
    @GET
    @Path("/checkpoints/{sequenceNumber: [0-9]{1,18}}")
    @Operation(summary = "Whether there is a stable checkpoint at or above this decision here")
    @APIResponse(
            responseCode = "200",
            description = "Whether there is",
            content = @Content(schema = @Schema(implementation = WantedCheckpoint.class)))
    @APIResponse(responseCode = "404", description = "That is no decision")
    @RequiresRole(value = Role.VIEWER, what = "a checkpoint")
    public WantedCheckpoint checkpoint(@PathParam("sequenceNumber") long sequenceNumber) {
        return view(sequenceNumber);
    }

    private WantedCheckpoint view(long wanted) {
        RecoveryStatus recovery = replica.snapshot().protocol().recovery();
        return new WantedCheckpoint(wanted, recovery.stableCheckpoint(), recovery.stableCheckpoint() >= wanted);
    }

    /**
     * Checkpoints of a replica.
     *
     * @param stableCheckpoint the newest, 0 for none
     * @param firstAvailable the lowest decision in the log
     * @param policy in force after {@code lastDecided}
     * @param held those with a certificate, ascending
     */
    public record Checkpoints(
            long lastDecided,
            long stableCheckpoint,
            long firstAvailable,
            CheckpointPolicy policy,
            List<HeldCheckpoint> held) {}

    /**
     * One checkpoint.
     *
     * @param digest of the state, sessions and membership, 64 hexadecimal digits; the same at all honest replicas
     * @param signers the members whose votes are its certificate
     */
    public record HeldCheckpoint(long sequenceNumber, String digest, List<Integer> signers) {

        static HeldCheckpoint of(Certificate certificate) {
            return new HeldCheckpoint(
                    certificate.sequenceNumber(),
                    certificate.digest().toHex(),
                    certificate.signatures().stream().map(VoteSignature::signer).toList());
        }
    }

    /**
     * A checkpoint that was asked for.
     *
     * @param wantedSequenceNumber a stable checkpoint at or above it is what was asked for
     * @param stableCheckpoint the newest one here, 0 for none
     * @param done whether that is enough
     */
    public record WantedCheckpoint(long wantedSequenceNumber, long stableCheckpoint, boolean done) {}
}
