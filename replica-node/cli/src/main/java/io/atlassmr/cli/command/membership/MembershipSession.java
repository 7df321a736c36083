package io.atlassmr.cli.command.membership;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.cli.Context;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.cli.membership.MembershipOperations;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import java.time.Duration;
import java.util.List;

/** What the commands that change members have in common: a cluster, its administrator, and how they tell what they did. */
public final class MembershipSession implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Output output;
    private final AdminClient admin;
    private final LocalCluster cluster;
    private final MembershipOperations operations;
    private final Thread onExit;

    /**
     * Opens the cluster and its administrator's connections.
     *
     * @throws io.atlassmr.cli.CommandException if there is no cluster in the directory
     */
    public MembershipSession(Context context, CommonOptions common, DirectoryOption directory) {
        this.output = new Output(context.terminal(), common.json());
        this.cluster = LocalCluster.open(directory.directory(), context.installation());
        this.admin = new AdminClient(cluster.directory().clientIdentity(), TIMEOUT);
        this.operations = new MembershipOperations(
                cluster.processes(), admin, awaited -> output.progress().show("Waiting for " + awaited + " ..."));
        this.onExit = new Thread(
                () -> output.warn("Interrupted. What the members have been asked for they decide without this command;"
                        + " repeat it to see it through."),
                "atlas-interrupted");
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /** Where the command tells what it did. */
    public Output output() {
        return output;
    }

    AdminClient admin() {
        return admin;
    }

    LocalCluster cluster() {
        return cluster;
    }

    /** What the members can be asked for. */
    public MembershipOperations operations() {
        return operations;
    }

    /** Tells who the members are now. */
    public void tell(String what, int id, ClusterDescription now) {
        List<Integer> ids = now.members().stream().map(Member::id).toList();
        output.say(output.terminal().good(what + " The members are " + ids + " since epoch " + now.epoch() + "."));
        output.result(new Result(true, id, now.epoch(), ids));
    }

    private record Result(boolean ok, int id, long epoch, List<Integer> members) {}

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException endsAlready) {
            // The hook says so.
        }
        output.progress().clear();
        admin.close();
    }
}
