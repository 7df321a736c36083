package io.atlassmr.server.admin.write;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.server.admin.RunningReplica;
import io.atlassmr.server.admin.access.Caller;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import io.atlassmr.server.replica.ReplicaProcess;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Locale;

/** Has signed commands decided, and tells what became of them. Thread-safe. */
@Singleton
class Commands {

    private final ReplicaProcess process;
    private final RunningReplica replica;
    private final Caller caller;

    @Inject
    Commands(ReplicaProcess process, RunningReplica replica, Caller caller) {
        this.process = process;
        this.replica = replica;
        this.caller = caller;
    }

    /** What became of a command, as far as this replica knows. */
    ReconfigurationView view(Digest command) {
        return replica.snapshot()
                .protocol()
                .reconfiguration()
                .outcome(command)
                .map(ReconfigurationView::of)
                .or(() -> process.refusal(command).map(refusal -> ReconfigurationView.refused(command, null, refusal)))
                .orElseGet(() -> ReconfigurationView.pending(command));
    }

    /** Has the command decided, if that is not known already. */
    ReconfigurationView give(SignedCommand command, String what) {
        try {
            ReconfigurationView known = view(command.digest());
            if (known.state() == ReconfigurationView.State.PENDING && !process.submit(command)) {
                throw new ProblemException(Problem.of(
                        Problem.Kind.UNAVAILABLE, "this replica is starting or too busy to take a command; ask again"));
            }
            caller.audit(
                    what + " " + command.digest().toHex(), known.state().name().toLowerCase(Locale.ROOT));
            return known;
        } catch (RejectedMessageException e) {
            caller.audit(what + " " + command.digest().toHex(), "not signed as it says");
            throw new ProblemException(Problem.of(Problem.Kind.FORBIDDEN, e.getMessage()));
        }
    }

    /** The same, answered with where to see what becomes of it: 202 while that is not known. */
    Response submit(SignedCommand command, String what) {
        ReconfigurationView known = give(command, what);
        return Response.status(known.state() == ReconfigurationView.State.PENDING ? 202 : 200)
                .location(URI.create("/admin/v1/reconfigurations/" + known.command()))
                .entity(known)
                .build();
    }
}
