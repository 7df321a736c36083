package io.atlassmr.cli.command.bench;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.UsageException;
import io.atlassmr.cli.churn.MembershipBench;
import io.atlassmr.cli.churn.MembershipBenchReport;
import io.atlassmr.cli.churn.MembershipBenchReport.MeasuredChange;
import io.atlassmr.cli.churn.ThroughputDip;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.cli.terminal.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures what changes of the members do to the throughput. */
@Command(
        name = "membership",
        header = "Measure what changes of the members take under load.",
        description =
                "Make a cluster, fill it, put load on it, and make three changes one after the other: a new replica joins, the"
                        + " leader leaves, another member changes its key. For each: how long it took, and how deep and how long"
                        + " the throughput dipped, in windows of half a second. Exit code 1 if a change does not come about, or"
                        + " replicas have different states. Leaves nothing behind.")
final class MembershipBenchCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private StateLoadOptions options;

    MembershipBenchCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (options.settings().clients() == 0) {
            throw new UsageException("--clients is between 1 and 1000, got 0: a dip shows under load alone");
        }
        Output output = new Output(context.terminal(), common.json());
        return new MeasuredCluster(context, options, output)
                .measure(
                        (cluster, settings, progress) -> new MembershipBench(cluster, settings, progress).run(),
                        MembershipBenchReport::ok,
                        report -> describe(output, report));
    }

    private static void describe(Output output, MembershipBenchReport report) {
        output.say(String.format(
                "%d replicas, durability %s; %,d keys, %,d bytes in %s; %d clients with %d outstanding%s",
                report.replicas(),
                report.durability(),
                report.keys(),
                report.stateBytes(),
                report.state(),
                report.clients(),
                report.outstanding(),
                report.ratePerSecond() == 0 ? "" : ", " + report.ratePerSecond() + " a second"));
        output.say("");
        Table table = new Table(
                "CHANGE",
                "REPLICA",
                "SECONDS",
                "BEFORE/S",
                "LOWEST/S",
                "< 90 %, S",
                "< 50 %, S",
                "SILENT, S",
                "AFTER/S");
        for (MeasuredChange change : report.changes()) {
            ThroughputDip dip = change.throughput();
            table.row(
                    change.change(),
                    change.replica(),
                    change.seconds(),
                    whole(dip.beforePerSecond()),
                    whole(dip.lowestPerSecond()),
                    dip.below90Seconds(),
                    dip.below50Seconds(),
                    dip.silentSeconds(),
                    whole(dip.afterPerSecond()));
        }
        table.lines().forEach(output::say);
        output.say("");
        output.say(
                report.ok()
                        ? output.terminal().good("All replicas have the same state.")
                        : output.terminal().bad("The replicas do not have the same state."));
    }

    private static String whole(double perSecond) {
        return String.format("%,.0f", perSecond);
    }
}
