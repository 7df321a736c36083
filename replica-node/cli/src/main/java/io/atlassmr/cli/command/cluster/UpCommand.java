package io.atlassmr.cli.command.cluster;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.Installation;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.cluster.spec.Durability;
import io.atlassmr.cli.cluster.spec.ReplicaPorts;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.cli.terminal.Table;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a cluster that stays. */
@Command(
        name = "up",
        header = "Start a cluster on this machine.",
        description =
                "Start a cluster on this machine; makes it first if its directory holds none. Replicas go on when the"
                        + " command ends. Repeating it starts what does not run.")
public final class UpCommand implements Runnable {

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DirectoryOption directory;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "How many, 4 to 64; a new cluster has " + LocalCluster.DEFAULT_REPLICAS + " unless told.")
    private Optional<Integer> replicas;

    @Option(
            names = "--base-port",
            paramLabel = "P",
            description = "Replica i uses ports P+10i to P+10i+4; a new cluster starts at "
                    + LocalCluster.DEFAULT_BASE_PORT + " unless told.")
    private Optional<Integer> basePort;

    @Option(
            names = "--durability",
            paramLabel = "MODE",
            description = "strict (votes and decisions are on disk before they count), relaxed (soon after) or none;"
                    + " a new cluster is strict unless told.")
    private Optional<Durability> durability;

    @Option(
            names = "--application",
            paramLabel = "NAME",
            description = "What the replicas run: kv (the key-value store), an example (bank, locks), or the path of a"
                    + " quarkus-run.jar of your own; a new cluster runs kv unless told.")
    private Optional<String> application;

    UpCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        Output output = new Output(context.terminal(), common.json());
        long begin = System.nanoTime();
        LocalCluster cluster = LocalCluster.openOrCreate(
                directory.directory(),
                new LocalCluster.Wish(replicas, basePort, durability, application.map(UpCommand::absolute)),
                context.installation());
        List<Integer> ids = cluster.directory().ids();
        output.progress().show("Starting " + ids.size() + " replicas ...");
        List<Integer> started = cluster.start(
                ids, ready -> output.progress().show("Starting " + ids.size() + " replicas ... " + ready + " ready"));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        describe(output, cluster, started, millis);
        output.result(new Result(
                cluster.directory().root().toString(),
                cluster.directory().cluster().clusterId(),
                ids.size(),
                ClusterSpec.faults(ids.size()),
                started,
                millis,
                ids.stream().map(id -> member(cluster, id)).toList()));
    }

    private void describe(Output output, LocalCluster cluster, List<Integer> started, long millis) {
        ClusterDirectory files = cluster.directory();
        int n = files.ids().size();
        output.say(
                started.isEmpty()
                        ? "The cluster is up already: all " + n + " replicas run and are ready."
                        : "Started " + (started.size() == n ? "all " + n + " replicas" : "replicas " + started) + " in "
                                + String.format("%.1f s", millis / 1000.0) + ".");
        output.say("Cluster " + files.cluster().clusterId() + ": " + n + " replicas, stays right while "
                + ClusterSpec.faults(n) + " of them lie or fail; durability " + files.durability(0) + ".");
        output.say("");
        Table table = new Table("REPLICA", "PID", "PEER", "CLIENT", "ADMIN", "GATEWAY", "HEALTH AND METRICS");
        for (Member member : files.cluster().members()) {
            table.row(
                    member.id(),
                    cluster.processes()
                            .process(member.id())
                            .map(ProcessHandle::pid)
                            .orElse(null),
                    member.peerPort(),
                    member.clientPort(),
                    member.adminPort(),
                    "http://" + member.host() + ":" + member.gatewayPort(),
                    "http://" + member.host() + ":" + member.managementPort() + "/q/health");
        }
        table.lines().forEach(output::say);
        output.say("");
        String dir = directory.repeated();
        if (files.application().equals(Installation.KEY_VALUE)) {
            output.say("Try:  ./atlas kv put hello world" + dir);
            output.say("      ./atlas kv get hello" + dir);
            output.say("      ./atlas status" + dir);
        } else {
            output.say("The replicas run " + files.application() + "; its HTTP is at the gateways.");
            output.say("Try:  ./atlas status" + dir);
        }
        output.say("      ./atlas replica kill 0" + dir);
        output.say("      ./atlas down" + dir);
        output.say("Files and logs are in " + files.root());
    }

    /** A path stays right for commands that are given from elsewhere. */
    private static String absolute(String application) {
        Path path = Path.of(application);
        return path.getNameCount() > 1 ? path.toAbsolutePath().normalize().toString() : application;
    }

    private static ReplicaResult member(LocalCluster cluster, int id) {
        return new ReplicaResult(
                id,
                cluster.processes().process(id).map(ProcessHandle::pid).orElse(null),
                ReplicaPorts.of(cluster.directory().member(id)));
    }

    /** What a program is told. */
    private record Result(
            String dir,
            String clusterId,
            int replicas,
            int f,
            List<Integer> started,
            long millis,
            List<ReplicaResult> members) {}

    private record ReplicaResult(int id, Long pid, ReplicaPorts ports) {}
}
