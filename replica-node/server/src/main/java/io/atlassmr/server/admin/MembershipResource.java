package io.atlassmr.server.admin;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.ProtocolCodec;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
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
    public MembershipView membership() {
        caller.require(Role.VIEWER, "the membership");
        return MembershipView.of(state());
    }

    /**
     * The decisions that began epochs, from one on, at most a bounded number: with the first members they prove all later ones.
     *
     * @param from the first epoch, 2 or later
     */
    @GET
    @Path("/epochs")
    public Epochs epochs(@QueryParam("from") @DefaultValue("2") long from) {
        caller.require(Role.VIEWER, "the epochs");
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
    public List<ReconfigurationView> reconfigurations() {
        caller.require(Role.VIEWER, "the reconfigurations");
        return state().outcomes().stream().map(ReconfigurationView::of).toList();
    }

    /** What became of one command. */
    @GET
    @Path("/reconfigurations/{command}")
    public ReconfigurationView reconfiguration(@PathParam("command") String command) {
        caller.require(Role.VIEWER, "a reconfiguration");
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
    @Consumes(MediaType.APPLICATION_JSON)
    public Response reconfigure(CommandText text) {
        caller.require(Role.VIEWER, "a reconfiguration");
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
    @Consumes(MediaType.APPLICATION_JSON)
    public Response rotateKey(ExpectedEpoch expected) {
        caller.require(Role.OPERATOR, "a rotation of the key");
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
    public record CommandText(String command) {}

    /** A change is refused in any other epoch. */
    public record ExpectedEpoch(long expectedEpoch) {}
}
