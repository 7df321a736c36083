package io.atlassmr.cli.command.cluster;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Context;
import io.atlassmr.cli.admin.ClusterView;
import io.atlassmr.cli.admin.ReplicaView;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.command.membership.MembershipSession;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.cli.command.option.HelpOption;
import io.atlassmr.cli.terminal.Output;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Starts and ends single replicas, and takes their data. */
@Command(
        name = "replica",
        header = "Start, stop, drain, kill or wipe one replica.",
        synopsisSubcommandLabel = "COMMAND",
        description = "One replica of a cluster on this machine.")
public final class ReplicaCommand implements Runnable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Context context;

    @Spec
    private CommandSpec spec;

    @Mixin
    HelpOption help;

    ReplicaCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do: start, stop, drain, resume, kill or wipe, and a replica's id");
    }

    @Command(
            name = "start",
            description = "Start the replica and wait until it has caught up; nothing to do if it runs.")
    void start(
            @Mixin CommonOptions common,
            @Mixin DirectoryOption directory,
            @Parameters(paramLabel = "ID", description = "The replica's id, from 0.") int id) {
        Output output = new Output(context.terminal(), common.json());
        LocalCluster cluster = open(directory, id);
        int n = cluster.directory().ids().size();
        int quorum = ClusterSpec.quorum(n);
        boolean enough = cluster.running().size() + (cluster.running().contains(id) ? 0 : 1) >= quorum;
        output.progress().show("Starting replica " + id + " ...");
        boolean started = enough ? !cluster.start(List.of(id), ready -> {}).isEmpty() : cluster.startWithoutWaiting(id);
        output.say(started ? "Started replica " + id + "." : "Replica " + id + " runs already.");
        if (!enough) {
            output.say("Only " + cluster.running().size() + " of " + n + " replicas run; the cluster needs " + quorum
                    + " to decide anything.");
        }
        output.result(new Result(id, "start", started));
    }

    @Command(
            name = "stop",
            description =
                    "Stop the replica in good order: it hands over leadership first. Nothing to do if it does not run.")
    void stop(
            @Mixin CommonOptions common,
            @Mixin DirectoryOption directory,
            @Parameters(paramLabel = "ID", description = "The replica's id, from 0.") int id) {
        Output output = new Output(context.terminal(), common.json());
        LocalCluster cluster = open(directory, id);
        boolean ran = cluster.running().contains(id);
        output.progress().show("Stopping replica " + id + " ...");
        List<Integer> killed = cluster.stop(List.of(id));
        output.say(ran ? "Stopped replica " + id + "." : "Replica " + id + " does not run.");
        if (!killed.isEmpty()) {
            output.say("It did not end in time and was killed; its log is "
                    + cluster.directory().logFile(id));
        }
        output.result(new Result(id, "stop", ran));
    }

    @Command(
            name = "drain",
            description = "Have the replica leave leading and clients to the others, at once, and vote on: nobody waits"
                    + " for anything when it is stopped then. Lasts until resume, or its next start.")
    void drain(
            @Mixin CommonOptions common,
            @Mixin DirectoryOption directory,
            @Option(
                            names = "--leave",
                            description =
                                    "Have it wish itself to be removed from the members, too; at least 4 have to be left.")
                    boolean leave,
            @Parameters(paramLabel = "ID", description = "The replica's id, from 0.") int id) {
        try (MembershipSession session = new MembershipSession(context, common, directory)) {
            if (leave) {
                session.tell(
                        "Replica " + id + " drains and has left.",
                        id,
                        session.operations().drainAndLeave(id));
            } else {
                boolean changed = session.operations().drain(id);
                session.output().say("Replica " + id + " leads nobody, turns clients away, and votes on.");
                session.output().result(new Result(id, "drain", changed));
            }
        }
    }

    @Command(name = "resume", description = "Have a replica that drains lead and serve clients again.")
    void resume(
            @Mixin CommonOptions common,
            @Mixin DirectoryOption directory,
            @Parameters(paramLabel = "ID", description = "The replica's id, from 0.") int id) {
        try (MembershipSession session = new MembershipSession(context, common, directory)) {
            boolean changed = session.operations().resume(id);
            session.output().say("Replica " + id + " serves clients, and leads if it is its turn.");
            session.output().result(new Result(id, "resume", changed));
        }
    }

    @Command(
            name = "kill",
            description = "End the replica at once, as a crash does (kill -9). Nothing to do if it does not run.")
    void kill(
            @Mixin CommonOptions common,
            @Mixin DirectoryOption directory,
            @Parameters(paramLabel = "ID", description = "The replica's id, from 0.") int id) {
        Output output = new Output(context.terminal(), common.json());
        boolean ran = open(directory, id).kill(id);
        output.say(ran ? "Killed replica " + id + "." : "Replica " + id + " does not run.");
        output.result(new Result(id, "kill", ran));
    }

    @Command(
            name = "wipe",
            description =
                    "Take from the replica its log, its checkpoints and its application's state, as if its disk had"
                            + " been replaced; its identity and configuration stay. Started again it fetches everything from its"
                            + " peers, and votes only when nothing it has forgotten can matter. Nothing to do if it was wiped.")
    void wipe(
            @Mixin CommonOptions common,
            @Mixin DirectoryOption directory,
            @Option(
                            names = "--restart",
                            description =
                                    "Stop it first if it runs; start it afterwards and wait until it votes again.")
                    boolean restart,
            @Option(
                            names = "--force",
                            description =
                                    "Wipe it even if fewer than a quorum of the others have their data: the cluster"
                                            + " may lose decisions or never decide again.")
                    boolean force,
            @Parameters(paramLabel = "ID", description = "The replica's id, from 0.") int id) {
        Output output = new Output(context.terminal(), common.json());
        LocalCluster cluster = open(directory, id);
        if (!restart) {
            cluster.requireStopped(
                    id, directory.repeated() + ", or give --restart, which stops it and starts it again afterwards");
        }
        if (!force) {
            requireOthersRemember(cluster, id);
        }
        if (restart) {
            output.progress().show("Stopping replica " + id + " ...");
            List<Integer> _ = cluster.stop(List.of(id));
        }
        List<Path> removed = cluster.wipe(id);
        output.say(
                removed.isEmpty()
                        ? "Replica " + id + " holds nothing; it was wiped already."
                        : "Wiped replica " + id + ": removed what was in " + joined(removed) + ".");
        if (restart) {
            output.progress().show("Replica " + id + " fetches everything from its peers ...");
            List<Integer> _ = cluster.start(List.of(id), ready -> {});
            output.say("Replica " + id + " is back and votes again.");
        } else {
            output.say("Its identity and configuration are still there. Bring it back with ./atlas replica start " + id
                    + directory.repeated());
        }
        output.result(new Wiped(
                id,
                "wipe",
                !removed.isEmpty(),
                removed.stream().map(Path::toString).toList(),
                restart));
    }

    /** Whoever is wiped learns from a quorum of others how far its votes can have gone, and all else. */
    private void requireOthersRemember(LocalCluster cluster, int id) {
        int quorum = ClusterSpec.quorum(cluster.directory().ids().size());
        List<Integer> remembering;
        try (AdminClient admin = new AdminClient(cluster.directory().clientIdentity(), TIMEOUT)) {
            remembering = ClusterView.ask(cluster.processes(), admin).replicas().stream()
                    .filter(replica -> replica.id() != id && remembers(cluster, replica))
                    .map(ReplicaView::id)
                    .toList();
        }
        if (remembering.size() < quorum) {
            throw new CommandException("beside replica " + id + " only replicas " + remembering
                    + " are known to have their data, and it takes a quorum, " + quorum
                    + ", to bring a wiped one back: the cluster might lose decisions or never decide again. Bring the"
                    + " others back first (./atlas status shows how they are), or give --force");
        }
    }

    private static boolean remembers(LocalCluster cluster, ReplicaView replica) {
        return switch (replica.state()) {
            case DOWN -> cluster.remembers(replica.id());
            case SILENT, FAILED, DIVERGED, ABSTAINING -> false;
            case READY, VIEW_TRANSFER, CATCHING_UP, DRAINING, STOPPING ->
                replica.status().filter(status -> !status.abstains()).isPresent();
        };
    }

    private static String joined(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private LocalCluster open(DirectoryOption directory, int id) {
        LocalCluster cluster = LocalCluster.open(directory.directory(), context.installation());
        cluster.directory().member(id);
        return cluster;
    }

    /** {@code changed} is false if there was nothing to do. */
    private record Result(int id, String action, boolean changed) {}

    private record Wiped(int id, String action, boolean changed, List<String> removed, boolean restarted) {}
}
