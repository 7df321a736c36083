package io.atlassmr.cli.command.data;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Context;
import io.atlassmr.cli.UsageException;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.cli.command.option.HelpOption;
import io.atlassmr.cli.log.LogCheck;
import io.atlassmr.cli.log.LogSummary;
import io.atlassmr.cli.log.OfflineReplica;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.cli.terminal.Table;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Reads the log of a replica that does not run. */
@Command(
        name = "log",
        header = "Read or check the log of a replica that is down.",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Reads what a replica has stored, while the replica is down. Changes nothing, and gets on with logs that"
                        + " are damaged.",
        footer = {
            "",
            "verify exits with 1 at the first fault, and says where it is.",
        })
public final class LogCommand implements Runnable {

    private static final int MAX_LIMIT = 1_000_000;
    private static final int SHOWN_DIGEST = 12;

    private final Context context;

    @Spec
    private CommandSpec spec;

    @Mixin
    HelpOption help;

    LogCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: inspect or verify");
    }

    /** Whose log is meant. */
    static final class Target {

        @Mixin
        private CommonOptions common;

        @Mixin
        private DirectoryOption directory;

        @Option(names = "--replica", paramLabel = "ID", required = true, description = "The replica's id, from 0.")
        private int id;
    }

    @Command(
            name = "inspect",
            description = "Print what the log holds: view, checkpoints, decisions with their certificates, and what is"
                    + " damaged.")
    void inspect(
            @Mixin Target target,
            @Option(
                            names = "--from",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "Lowest decision to print (default: ${DEFAULT-VALUE}).")
                    long from,
            @Option(
                            names = "--limit",
                            paramLabel = "L",
                            defaultValue = "100",
                            description = "Most decisions to print (default: ${DEFAULT-VALUE}).")
                    int limit) {
        if (from < 0) {
            throw new UsageException("--from is not negative, got " + from);
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new UsageException("--limit is between 1 and " + MAX_LIMIT + ", got " + limit);
        }
        Output output = new Output(context.terminal(), target.common.json());
        try (OfflineReplica replica = open(target)) {
            LogSummary summary = LogSummary.read(replica, from, limit);
            describe(output, summary);
            output.result(summary);
        } catch (IOException e) {
            throw new CommandException("cannot read the log of replica " + target.id + ": " + e.getMessage(), e);
        }
    }

    @Command(
            name = "verify",
            description =
                    "Check every record's checksum, every certificate's signatures, that decisions follow each other"
                            + " without a gap, and every byte of the checkpoints. Ends at the first fault.")
    int verify(@Mixin Target target) {
        Output output = new Output(context.terminal(), target.common.json());
        try (OfflineReplica replica = open(target)) {
            LogCheck check = LogCheck.run(
                    replica, decisions -> output.progress().show("Checked " + decisions + " decisions ..."));
            describe(output, target.id, check);
            output.result(new Verified(target.id, check.sound(), check.fault().orElse(null), check));
            return check.sound() ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (IOException e) {
            throw new CommandException("cannot check the log of replica " + target.id + ": " + e.getMessage(), e);
        }
    }

    private OfflineReplica open(Target target) {
        LocalCluster cluster = LocalCluster.open(target.directory.directory(), context.installation());
        return OfflineReplica.open(cluster, target.id, target.directory.repeated());
    }

    private static void describe(Output output, LogSummary log) {
        output.say("Log of replica " + log.replicaId() + " of " + log.clusterId() + ", epoch " + log.epoch() + ", view "
                + log.view() + (log.viewOpen() ? "" : " (asked for, not open)") + ".");
        if (log.abstains()) {
            output.say("It lost its votes, and abstains until "
                    + (log.abstainsUntil() == 0
                            ? "its peers have told what they remember."
                            : "a stable checkpoint at or above " + log.abstainsUntil() + " and a later view."));
        }
        output.say("Decisions up to " + log.prunedUpTo() + " are pruned; "
                + (log.decisionCount() == 0
                        ? "there are none after them"
                        : log.decisionCount() + " are here, from " + log.firstDecision() + " to " + log.lastDecision())
                + ". " + log.votes() + " votes lie above them; " + log.evidence() + " proofs of misbehaviour.");
        checkpoints(output, log);
        decisions(output, log);
        for (String damage : log.damage()) {
            output.say(output.terminal().bad("Damaged: " + damage));
        }
    }

    private static void checkpoints(Output output, LogSummary log) {
        if (log.checkpoints().isEmpty()) {
            output.say("No checkpoint is stable here.");
            return;
        }
        output.say("");
        Table table = new Table("CHECKPOINT", "DIGEST", "SIGNED BY", "STATE");
        for (LogSummary.Checkpoint checkpoint : log.checkpoints()) {
            table.row(
                    checkpoint.sequenceNumber(),
                    checkpoint.digest().substring(0, SHOWN_DIGEST),
                    joined(checkpoint.signers()),
                    checkpoint.onDisk() ? "here" : "missing");
        }
        table.lines().forEach(output::say);
    }

    private static void decisions(Output output, LogSummary log) {
        if (log.decisions().isEmpty()) {
            return;
        }
        output.say("");
        Table table = new Table("DECISION", "VIEW", "BATCH", "SIGNED BY", "REQUESTS", "BYTES", "REMARK");
        for (LogSummary.StoredDecision decision : log.decisions()) {
            boolean sound = decision.fault() == null;
            table.row(
                    decision.sequenceNumber(),
                    sound ? decision.view() : null,
                    sound ? decision.digest().substring(0, SHOWN_DIGEST) : null,
                    sound ? joined(decision.signers()) : null,
                    sound ? decision.requests() : null,
                    sound ? decision.bytes() : null,
                    sound ? (decision.checkpoint() ? "asks for a checkpoint" : "") : "damaged");
        }
        table.lines().forEach(output::say);
        if (log.more()) {
            output.say("There are more: go on with --from "
                    + (log.decisions().getLast().sequenceNumber() + 1) + ".");
        }
        output.say("");
    }

    private static void describe(Output output, int id, LogCheck check) {
        String good =
                "decisions " + (check.prunedUpTo() + 1) + " to " + check.lastDecided() + ", " + check.checkpoints()
                        + " checkpoints (" + check.checkpointBytes() + " bytes), " + check.votes() + " votes and "
                        + check.evidence() + " proofs of misbehaviour";
        if (check.sound()) {
            output.say(output.terminal().good("The log of replica " + id + " is sound: " + good + " were checked."));
            return;
        }
        LogCheck.Fault fault = check.fault().orElseThrow();
        output.say(output.terminal()
                .bad("The log of replica " + id + " is damaged at " + fault.place() + " " + fault.key() + ": "
                        + fault.reason() + "."));
        output.say("Good before it: "
                + (check.decisions() == 0
                        ? "no decision"
                        : "decisions " + (check.prunedUpTo() + 1) + " to " + check.lastDecided())
                + ".");
        output.say("Its peers have everything: ./atlas replica wipe " + id + " --restart fetches it from them.");
    }

    private static String joined(List<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** {@code fault} is null if nothing is wrong. */
    private record Verified(
            int replica,
            boolean ok,
            LogCheck.Fault fault,
            @JsonIgnoreProperties("fault") LogCheck checked) {}
}
