package io.atlassmr.server.admin.write;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.ProtocolCodec;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.server.admin.RunningReplica;
import io.atlassmr.server.admin.access.Caller;
import io.atlassmr.server.admin.access.RequiresRole;
import io.atlassmr.server.face.AdminFace;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import io.atlassmr.server.replica.ReplicaProcess;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.extensions.Extension;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/**
 * Membership in the admin API, version 1. What changes it is a command that an administrator signed: this replica only passes it on,
 * and all members judge it alike where it stands in the total order. A command names itself, so that giving it twice is giving it once.
 */
@AdminFace
@Path("/admin/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class MembershipResource {

    private static final int MAX_COMMAND_TEXT = 4 * CommandCodec.MAX_COMMAND_BYTES / 3 + 1024;

    private final ReplicaProcess process;
    private final RunningReplica replica;
    private final Caller caller;
    private final Commands commands;

    @Inject
    MembershipResource(ReplicaProcess process, RunningReplica replica, Caller caller, Commands commands) {
        this.process = process;
        this.replica = replica;
        this.caller = caller;
        this.commands = commands;
    }

    private ReconfigurationState state() {
        return replica.snapshot().protocol().reconfiguration();
    }

    /** The members after the last decision of this replica. */
    @GET
    @Path("/membership")
    @Operation(summary = "The members after the last decision of this replica, and who may change them")
    @RequiresRole(value = Role.VIEWER, what = "the membership")
    public MembershipView membership() {
        return MembershipView.of(state());
    }

    /**
     * The decisions that began epochs, from one on, at most a bounded number: with the first members they prove all later ones.
     *
     * @param from the first epoch, 2 or later
     */
    @GET
    @Path("/epochs")
    @Operation(summary = "The decisions that began epochs, which prove the members")
    @RequiresRole(value = Role.VIEWER, what = "the epochs")
    public Epochs epochs(@QueryParam("from") @DefaultValue("2") @Schema(minimum = "0") long from) {
        List<Decision> links = replica.epochs(Math.max(2, from));
        return new Epochs(
                state().current().number(),
                links.stream()
                        .map(link -> Base64.getEncoder().encodeToString(ProtocolCodec.toBytes(link)))
                        .toList());
    }

    /** What became of the last commands, newest last. */
    @GET
    @Path("/reconfigurations")
    @Operation(summary = "What became of the last commands")
    @RequiresRole(value = Role.VIEWER, what = "the reconfigurations")
    public List<ReconfigurationView> reconfigurations() {
        return state().outcomes().stream().map(ReconfigurationView::of).toList();
    }

    /** What became of one command. */
    @GET
    @Path("/reconfigurations/{command}")
    @Operation(summary = "What became of a command")
    @RequiresRole(value = Role.VIEWER, what = "a reconfiguration")
    public ReconfigurationView reconfiguration(
            @PathParam("command") @Schema(pattern = "^[0-9a-f]{64}$") String command) {
        if (!command.matches("[0-9a-f]{64}")) {
            throw new ProblemException(
                    Problem.of(Problem.Kind.BAD_REQUEST, "a command is named by 64 hexadecimal digits"));
        }
        return commands.view(Digest.of(HexFormat.of().parseHex(command)));
    }

    /**
     * Has a signed command decided. Answers 202 with where to see what becomes of it, or 200 if that is known already. Whether its
     * signer may ask for it is not for this replica to say, but for all members.
     */
    @POST
    @Path("/reconfigurations")
    @Operation(summary = "Has a signed command decided")
    @Extension(name = "x-role", value = "viewer")
    @APIResponse(
            responseCode = "200",
            description = "What became of it, which is known",
            content = @Content(schema = @Schema(implementation = ReconfigurationView.class)))
    @APIResponse(
            responseCode = "202",
            description = "It is passed on; Location says where to see what becomes of it",
            content = @Content(schema = @Schema(implementation = ReconfigurationView.class)))
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresRole(value = Role.VIEWER, what = "a reconfiguration")
    public Response reconfigure(CommandText text) {
        SignedCommand command = decode(text);
        return caller.once(
                text,
                () -> commands.submit(
                        command, command.command().getClass().getSimpleName().toLowerCase(Locale.ROOT)));
    }

    private static SignedCommand decode(CommandText text) {
        if (text == null || text.command() == null || text.command().length() > MAX_COMMAND_TEXT) {
            throw new ProblemException(
                    Problem.of(Problem.Kind.BAD_REQUEST, "the body has no command, or one too long"));
        }
        try {
            return CommandCodec.decode(Base64.getDecoder().decode(text.command()));
        } catch (MalformedMessageException | IllegalArgumentException e) {
            throw new ProblemException(Problem.of(Problem.Kind.BAD_REQUEST, "not a command: " + e.getMessage()));
        }
    }

    /** Has this replica make a new key and change to it. The private key is made here and never leaves. */
    @POST
    @Path("/key-rotation")
    @Operation(summary = "Has this replica make a new key and change to it")
    @Extension(name = "x-role", value = "operator")
    @APIResponse(
            responseCode = "200",
            description = "What became of it, which is known",
            content = @Content(schema = @Schema(implementation = ReconfigurationView.class)))
    @APIResponse(
            responseCode = "202",
            description = "It is passed on; Location says where to see what becomes of it",
            content = @Content(schema = @Schema(implementation = ReconfigurationView.class)))
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresRole(value = Role.OPERATOR, what = "a rotation of the key")
    public Response rotateKey(ExpectedEpoch expected) {
        if (expected == null || expected.expectedEpoch() < 1) {
            throw new ProblemException(Problem.of(Problem.Kind.BAD_REQUEST, "the body has no expectedEpoch"));
        }
        return caller.once(expected, () -> rotate(expected.expectedEpoch()));
    }

    private Response rotate(long expectedEpoch) {
        try {
            SignedCommand command = process.rotation(expectedEpoch).orElseThrow(RunningReplica::starting);
            return commands.submit(command, "rotatekey");
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(Problem.Kind.UNAVAILABLE, "the new key cannot be stored: " + e.getMessage()));
        }
    }

    /**
     * Decisions that began epochs.
     *
     * @param latest the epoch that this replica is in
     * @param links serialised decisions in base 64, ascending without gaps
     */
    public record Epochs(long latest, List<String> links) {}

    /**
     * A signed command.
     *
     * @param command a serialised {@code SignedCommand} in base 64
     */
    public record CommandText(@Schema(required = true) String command) {}

    /** A change is refused in any other epoch. */
    public record ExpectedEpoch(
            @Schema(required = true, minimum = "1") long expectedEpoch) {}
}
