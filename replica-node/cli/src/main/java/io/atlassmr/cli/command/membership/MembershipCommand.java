package io.atlassmr.cli.command.membership;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Context;
import io.atlassmr.cli.UsageException;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.cli.command.option.HelpOption;
import io.atlassmr.cli.membership.ForeignChain;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.client.cluster.ClusterFile;
import io.atlassmr.crypto.identity.Ed25519Identity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks who the members are. */
@Command(
        name = "membership",
        header = "Check today's members from the first ones on.",
        description = "Check what a replica says of a cluster's members.")
public final class MembershipCommand implements Runnable {

    private final Context context;

    @Spec
    private CommandSpec spec;

    @Mixin
    HelpOption help;

    MembershipCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "verify",
            description =
                    "Follow the epochs that a replica gives from the members in a file, checking the signatures of a"
                            + " quorum at each link, and print the members of today as a file. The replica is not believed, and"
                            + " neither is its certificate.")
    void verify(
            @Mixin CommonOptions common,
            @Mixin DirectoryOption directory,
            @Option(names = "--genesis", required = true, paramLabel = "FILE", description = "The first members.")
                    Path genesis,
            @Option(names = "--from", required = true, paramLabel = "URL", description = "A replica's admin API.")
                    URI from,
            @Option(
                            names = "--identity",
                            paramLabel = "FILE",
                            description = "Who asks; an administrator, or a member (default: that of the directory).")
                    Path identity) {
        Output output = new Output(context.terminal(), common.json());
        ClusterDescription first;
        Ed25519Identity asking;
        try {
            first = ClusterFile.read(genesis);
            asking = identity == null
                    ? ClusterDirectory.open(directory.directory()).clientIdentity()
                    : Ed25519Identity.load(identity);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException("cannot read what is needed: " + e.getMessage(), e);
        }
        if (!"https".equals(from.getScheme()) || from.getPort() < 0) {
            throw new UsageException("--from is like https://127.0.0.1:7002, got " + from);
        }
        ClusterDescription now = ForeignChain.follow(first, from, asking);
        List<Integer> ids = now.members().stream().map(Member::id).toList();
        output.say(output.terminal()
                .good("Proven: the members of cluster " + now.clusterId() + " in epoch " + now.epoch() + " are " + ids
                        + ", " + (now.epoch() - first.epoch()) + " epochs after those in " + genesis + "."));
        output.say(ClusterFile.format(now).stripTrailing());
        output.result(new Result(true, now.clusterId(), now.epoch(), ids));
    }

    private record Result(boolean ok, String clusterId, long epoch, List<Integer> members) {}
}
