package io.atlassmr.cli.command;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.cluster.ClusterSpec;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.terminal.Output;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Starts and ends single replicas. */
@Command(
        name = "replica",
        header = "Start, stop or kill one replica.",
        synopsisSubcommandLabel = "COMMAND",
        description = "One replica of a cluster on this machine.")
final class ReplicaCommand implements Runnable {

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
        throw new ParameterException(spec.commandLine(), "say what to do: start, stop or kill, and a replica's id");
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
        int quorum = (n + ClusterSpec.faults(n)) / 2 + 1;
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

    private LocalCluster open(DirectoryOption directory, int id) {
        LocalCluster cluster = LocalCluster.open(directory.directory(), context.installation());
        cluster.directory().member(id);
        return cluster;
    }

    /** {@code changed} is false if there was nothing to do. */
    private record Result(int id, String action, boolean changed) {}
}
