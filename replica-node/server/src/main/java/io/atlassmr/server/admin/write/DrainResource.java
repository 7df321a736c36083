package io.atlassmr.server.admin.write;

import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot.Lifecycle;
import io.atlassmr.server.admin.RunningReplica;
import io.atlassmr.server.admin.access.Caller;
import io.atlassmr.server.admin.access.RequiresRole;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.face.AdminFace;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import io.atlassmr.server.replica.ReplicaProcess;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.extensions.Extension;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/**
 * Drain and resume in the admin API, version 1. A replica that drains leaves leading and clients to others and votes on, so that nobody
 * waits for anything when it is stopped. It lasts until {@code resume}, or the end of the process.
 */
@AdminFace
@Path("/admin/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class DrainResource {

    private static final URI HERE = URI.create("/admin/v1/drain");

    private final ReplicaProcess process;
    private final RunningReplica replica;
    private final ReplicaSettings settings;
    private final Caller caller;
    private final Commands commands;

    @Inject
    DrainResource(
            ReplicaProcess process,
            RunningReplica replica,
            ReplicaSettings settings,
            Caller caller,
            Commands commands) {
        this.process = process;
        this.replica = replica;
        this.settings = settings;
        this.caller = caller;
        this.commands = commands;
    }

    /** How far it is. */
    @GET
    @Path("/drain")
    @Operation(summary = "How far a drain of this replica is")
    @RequiresRole(value = Role.VIEWER, what = "a drain")
    public DrainView drain() {
        return view();
    }

    private DrainView view() {
        ReplicaSnapshot snapshot = replica.snapshot();
        int self = settings.self().id();
        int leader = snapshot.protocol().leader();
        boolean leads = leader == self || snapshot.protocol().inViewTransfer();
        DrainView.State state = DrainView.State.SERVING;
        if (snapshot.lifecycle() != Lifecycle.RUNNING) {
            state = leads && snapshot.protocol().isMember(self) ? DrainView.State.DRAINING : DrainView.State.DRAINED;
        }
        return new DrainView(
                self,
                state,
                leader,
                process.leaveWish().map(command -> commands.view(command)).orElse(null));
    }

    /**
     * Has this replica leave leading and clients to others; and, if asked for, sign a wish to be removed from the members, which is
     * judged like anybody's.
     */
    @POST
    @Path("/drain")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Has this replica leave leading and clients to others, and be removed if it is to leave")
    @Extension(name = "x-role", value = "operator")
    @APIResponse(
            responseCode = "200",
            description = "It is done, or its outcome known",
            content = @Content(schema = @Schema(implementation = DrainView.class)))
    @APIResponse(
            responseCode = "202",
            description = "It is under way; Location says where to see what becomes of it",
            content = @Content(schema = @Schema(implementation = DrainView.class)))
    @RequiresRole(value = Role.OPERATOR, what = "a drain")
    public Response drain(DrainWish wish) {
        boolean leaves = wish != null && wish.leave();
        if (leaves && wish.expectedEpoch() < 1) {
            throw new ProblemException(
                    Problem.of(Problem.Kind.BAD_REQUEST, "the body asks to leave and has no expectedEpoch"));
        }
        return caller.once(wish, () -> {
            if (!process.drain()) {
                throw busy();
            }
            caller.audit("a drain", "asked");
            if (leaves) {
                SignedCommand command = process.leave(wish.expectedEpoch()).orElseThrow(RunningReplica::starting);
                ReconfigurationView _ = commands.give(command, "leave");
            }
            return answer();
        });
    }

    /** Has this replica lead and serve again. A wish to be removed that was decided is not undone by it. */
    @POST
    @Path("/resume")
    @Operation(summary = "Has this replica lead and serve clients again")
    @Extension(name = "x-role", value = "operator")
    @APIResponse(
            responseCode = "200",
            description = "It is done, or its outcome known",
            content = @Content(schema = @Schema(implementation = DrainView.class)))
    @APIResponse(
            responseCode = "202",
            description = "It is under way; Location says where to see what becomes of it",
            content = @Content(schema = @Schema(implementation = DrainView.class)))
    @RequiresRole(value = Role.OPERATOR, what = "a resume")
    public Response resume() {
        return caller.once(null, () -> {
            if (!process.resume()) {
                throw busy();
            }
            caller.audit("a resume", "done");
            return answer();
        });
    }

    private Response answer() {
        DrainView view = view();
        boolean underWay = view.state() == DrainView.State.DRAINING
                || (view.leave() != null && view.leave().state() == ReconfigurationView.State.PENDING);
        return Response.status(underWay ? 202 : 200).location(HERE).entity(view).build();
    }

    private static ProblemException busy() {
        return new ProblemException(
                Problem.of(Problem.Kind.UNAVAILABLE, "this replica is starting, stopping or too busy; ask again"));
    }

    /**
     * How to drain.
     *
     * @param leave whether the replica wishes to be removed from the members, too
     * @param expectedEpoch the wish is refused in any other; needed with {@code leave} alone
     */
    public record DrainWish(boolean leave, long expectedEpoch) {}
}
