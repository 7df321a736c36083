package io.atlassmr.cli.command.trial;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Context;
import io.atlassmr.cli.cluster.EphemeralCluster;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.cluster.spec.Durability;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.demo.Demo;
import io.atlassmr.cli.demo.DemoReport;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows in a minute what Atlas is for. */
@Command(
        name = "demo",
        header = "Four replicas lose their leader, a disk, then a member, and nothing else.",
        description =
                "Start four replicas, put load on them, kill their leader with kill -9, and restart it; then wipe the disk of"
                        + " another, and see it return; then have a fifth join, and the leader leave. Check that nothing"
                        + " acknowledged was lost, nothing executed twice, and all have the same state. Leaves nothing"
                        + " behind.")
public final class DemoCommand implements Callable<Integer> {

    private static final long MIN_OPERATIONS = 1_000;
    private static final long MAX_OPERATIONS = 100_000_000;

    private final Context context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--ops",
            paramLabel = "N",
            defaultValue = "20000",
            description = "How many operations, from 1000 (default: ${DEFAULT-VALUE}).")
    private long operations;

    DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (operations < MIN_OPERATIONS || operations > MAX_OPERATIONS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--ops is between " + MIN_OPERATIONS + " and " + MAX_OPERATIONS + ", got " + operations);
        }
        Output output = new Output(context.terminal(), common.json());
        output.say(output.terminal()
                .bold(String.format(
                        "Four replicas agree on %,d key-value operations while their leader dies, and more while a disk is lost and members change.",
                        operations)));
        Storyteller story = new Storyteller(output);
        try (EphemeralCluster cluster = EphemeralCluster.create(
                LocalCluster.DEFAULT_REPLICAS,
                Durability.STRICT,
                Demo.TUNING,
                context.installation(),
                () -> output.warn("Interrupted: ended the replicas and removed their files."))) {
            DemoReport report = run(cluster, story);
            summarise(output, report);
            if (!report.ok()) {
                output.warn("The replicas' logs are in " + cluster.closeKeepingLogs());
            }
            output.result(report);
            return report.ok() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    private DemoReport run(EphemeralCluster cluster, Storyteller story) throws InterruptedException {
        try {
            return new Demo(cluster, operations, story).run();
        } catch (CommandException e) {
            throw new CommandException(e.getMessage() + "\nThe replicas' logs are in " + cluster.closeKeepingLogs(), e);
        }
    }

    private static void summarise(Output output, DemoReport report) {
        Terminal terminal = output.terminal();
        output.say("");
        output.say(String.format("  acknowledged   %,d", report.acknowledged()));
        output.say("  lost           " + verdict(terminal, report.lost()));
        output.say("  duplicated     " + verdict(terminal, report.duplicated()));
        output.say("  diverged       " + verdict(terminal, report.diverged()));
        output.say("  view changes   " + report.viewChanges());
        output.say(String.format("  recovery       %,d ms without a leader", report.recoveryMillis()));
        output.say(
                report.wipedRecoveryMillis() < 0
                        ? terminal.bad("  wiped replica  did not return")
                        : String.format(
                                "  wiped replica  voted again after %,d ms, with %,d bytes of state from its peers",
                                report.wipedRecoveryMillis(), report.transferredBytes()));
        output.say(String.format(
                "  membership     grew to five in %,d ms, shrank by the leader in %,d ms; epoch %d",
                report.grownMillis(), report.shrunkMillis(), report.epoch()));
        output.say(String.format(
                "  throughput     %,d operations a second, the time without a leader included",
                report.throughputPerSecond()));
        output.say(String.format("  latency        p50 %.1f ms, p99 %.1f ms", report.p50Millis(), report.p99Millis()));
        output.say("");
        output.say(
                report.ok()
                        ? terminal.good(
                                "Everything acknowledged is there, once, on all " + report.replicas() + " replicas.")
                        : terminal.bad("This is not as it should be."));
    }

    private static String verdict(Terminal terminal, long count) {
        return count == 0 ? terminal.good("0") : terminal.bad(String.format("%,d", count));
    }

    /** Prints events with the time since the start. */
    private static final class Storyteller implements Demo.Story {

        private final Output output;
        private final long beginNanos = System.nanoTime();

        Storyteller(Output output) {
            this.output = output;
        }

        @Override
        public void event(String what) {
            output.say(String.format("%6.1f s  %s", seconds(), what));
        }

        @Override
        public void progress(String what) {
            output.progress().show(String.format("%6.1f s  %s", seconds(), what));
        }

        private double seconds() {
            return (System.nanoTime() - beginNanos) / 1e9;
        }
    }
}
