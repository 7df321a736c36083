package io.atlassmr.cli.command.cluster;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.cli.terminal.Output;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops a cluster. */
@Command(
        name = "down",
        header = "Stop a cluster.",
        description = "Stop all replicas in good order; their data stays for the next up.")
public final class DownCommand implements Runnable {

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DirectoryOption directory;

    @Option(names = "--delete-data", description = "Then remove the cluster with its keys and all its data.")
    private boolean deleteData;

    DownCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        Output output = new Output(context.terminal(), common.json());
        if (!ClusterDirectory.exists(directory.directory())) {
            output.say("There is no cluster in "
                    + directory.directory().toAbsolutePath().normalize() + "; nothing to stop.");
            output.result(new Result(List.of(), List.of(), false));
            return;
        }
        LocalCluster cluster = LocalCluster.open(directory.directory(), context.installation());
        List<Integer> running = cluster.running();
        output.progress().show("Stopping replicas " + running + " ...");
        List<Integer> killed = cluster.stop(cluster.directory().everyone());
        output.say(running.isEmpty() ? "The cluster is down already." : "Stopped replicas " + running + ".");
        if (!killed.isEmpty()) {
            output.say("Replicas " + killed + " did not end in time and were killed; their logs are in "
                    + cluster.directory().root());
        }
        if (deleteData) {
            cluster.delete();
            output.say("Removed " + cluster.directory().root() + ".");
        }
        output.result(new Result(running, killed, deleteData));
    }

    private record Result(List<Integer> stopped, List<Integer> killed, boolean deleted) {}
}
