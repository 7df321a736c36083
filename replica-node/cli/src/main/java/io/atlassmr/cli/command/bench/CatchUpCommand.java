package io.atlassmr.cli.command.bench;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.catchup.CatchUp;
import io.atlassmr.cli.catchup.CatchUpReport;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.terminal.Output;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures how a replica that lost its disk comes back. */
@Command(
        name = "catch-up",
        header = "Measure how a wiped replica comes back under load.",
        description =
                "Make a cluster, fill it, put load on it, wipe one replica, and measure its way back: how long until it votes,"
                        + " beside a raw copy of as many bytes over one TLS connection, and what of the throughput remains."
                        + " Then the same for a replica that was away while one key in a hundred changed. Exit code 1 if the"
                        + " replica does not come back, or has another state. Leaves nothing behind.")
final class CatchUpCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private StateLoadOptions options;

    CatchUpCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Output output = new Output(context.terminal(), common.json());
        return new MeasuredCluster(context, options, output)
                .measure(
                        (cluster, settings, progress) -> new CatchUp(cluster, settings, progress).run(),
                        CatchUpReport::ok,
                        report -> describe(output, report));
    }

    private static void describe(Output output, CatchUpReport report) {
        CatchUpReport.Goals goals = report.goals();
        output.say(String.format(
                "%d replicas (f=%d), durability %s; %,d keys, %,d bytes in %s; %d clients with %d outstanding%s",
                report.replicas(),
                report.f(),
                report.durability(),
                report.keys(),
                report.stateBytes(),
                report.state(),
                report.clients(),
                report.outstanding(),
                report.ratePerSecond() == 0 ? "" : ", " + report.ratePerSecond() + " a second"));
        output.say("");
        output.say(output.terminal()
                .bold(String.format(
                        "  voting again   %.1f s after the start", report.full().seconds())));
        output.say(String.format(
                "  state          %,d bytes in %.1f s, %.1f MB/s",
                report.full().transferredBytes(),
                report.full().stateSeconds(),
                report.full().megabytesPerSecond()));
        output.say(String.format(
                "  raw copy       %.2f s beside the load, %.2f s at rest: the state took %.1f and %.1f times as long%s",
                report.rawCopy().underLoadSeconds(),
                report.rawCopy().atRestSeconds(),
                report.ratioToRawCopy(),
                report.ratioToRawCopyAtRest(),
                goal(output, goals.rawCopy(), "at most 2")));
        if (report.throughput() != null) {
            output.say(String.format(
                    "  throughput     %,.0f operations a second before, %,.0f meanwhile: %.0f %%%s",
                    report.throughput().beforePerSecond(),
                    report.throughput().duringPerSecond(),
                    report.throughput().kept() * 100,
                    goal(output, goals.throughput(), "at least 70 %")));
        }
        output.say(String.format(
                "  delta          %,d keys changed: %,d bytes, %.1f %% of the full, voting again after %.1f s%s",
                report.delta().changedKeys(),
                report.delta().way().transferredBytes(),
                report.delta().shareOfFull() * 100,
                report.delta().way().seconds(),
                goal(output, goals.delta(), "at most 5 %")));
        output.say("");
        output.say(
                report.ok()
                        ? output.terminal().good("It came back both times, and all replicas have the same state.")
                        : output.terminal().bad("The replicas do not have the same state."));
    }

    private static String goal(Output output, boolean met, String goal) {
        return met
                ? output.terminal().good(" (goal: " + goal + ")")
                : output.terminal().bad(" (goal missed: " + goal + ")");
    }
}
