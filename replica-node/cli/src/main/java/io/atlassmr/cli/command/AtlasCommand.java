package io.atlassmr.cli.command;

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
