package io.atlassmr.cli.command;

import io.atlassmr.cli.command.bench.BenchCommand;
import io.atlassmr.cli.command.cluster.CheckpointCommand;
import io.atlassmr.cli.command.cluster.DownCommand;
import io.atlassmr.cli.command.cluster.ReplicaCommand;
import io.atlassmr.cli.command.cluster.StatusCommand;
import io.atlassmr.cli.command.cluster.UpCommand;
import io.atlassmr.cli.command.data.EvidenceCommand;
import io.atlassmr.cli.command.data.KvCommand;
import io.atlassmr.cli.command.data.LogCommand;
import io.atlassmr.cli.command.membership.AdminCommand;
import io.atlassmr.cli.command.membership.AdmitCommand;
import io.atlassmr.cli.command.membership.JoinCommand;
import io.atlassmr.cli.command.membership.LeaveCommand;
import io.atlassmr.cli.command.membership.MembersCommand;
import io.atlassmr.cli.command.membership.MembershipCommand;
import io.atlassmr.cli.command.membership.MoveCommand;
import io.atlassmr.cli.command.membership.ReplaceCommand;
import io.atlassmr.cli.command.membership.RotateKeyCommand;
import io.atlassmr.cli.command.membership.TransferLeadershipCommand;
import io.atlassmr.cli.command.option.HelpOption;
import io.atlassmr.cli.command.trial.DemoCommand;
import io.atlassmr.cli.command.trial.SimulateCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The root of all commands; alone it prints its help. */
@Command(
        name = "atlas",
        description = "Byzantine fault tolerant state machine replication: run clusters, use them, try to break them.",
        versionProvider = Version.class,
        customSynopsis = "./atlas COMMAND [ARGUMENTS]",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            StatusCommand.class,
            DownCommand.class,
            ReplicaCommand.class,
            MembersCommand.class,
            AdmitCommand.class,
            JoinCommand.class,
            LeaveCommand.class,
            ReplaceCommand.class,
            RotateKeyCommand.class,
            MoveCommand.class,
            TransferLeadershipCommand.class,
            AdminCommand.class,
            MembershipCommand.class,
            CheckpointCommand.class,
            LogCommand.class,
            EvidenceCommand.class,
            KvCommand.class,
            BenchCommand.class,
            SimulateCommand.class,
            HelpCommand.class
        },
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Done by ./atlas itself, for those who change Atlas:",
            "  build     Build what is missing or stale; every other command does so first.",
            "  install   Put the libraries that applications are made with into Maven's local repository.",
            "  test      Check formatting and lint, run all tests. --slow runs those that take minutes",
            "            instead, --long those that take longer; other arguments go to Maven.",
            "",
            "Begin with:",
            "  ./atlas demo              four replicas, their leader killed, nothing lost",
            "  ./atlas up                a cluster that stays, in .atlas/default",
            "  ./atlas kv put hello world && ./atlas kv get hello",
            "",
            "Exit codes: 0 done; 1 it could not be done, or a check failed; 2 wrong arguments.",
        })
public final class AtlasCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Mixin
    HelpOption help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version of Atlas and of Java.")
    boolean version;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
