package io.atlassmr.cli.command.bench;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Context;
import io.atlassmr.cli.UsageException;
import io.atlassmr.cli.bench.Bench;
import io.atlassmr.cli.bench.BenchReport;
import io.atlassmr.cli.bench.BenchSettings;
import io.atlassmr.cli.bench.DiskSample;
import io.atlassmr.cli.cluster.EphemeralCluster;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.cluster.process.ReplicaProcesses;
import io.atlassmr.cli.cluster.spec.Durability;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.terminal.Output;
import java.nio.file.Path;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a cluster under load. */
@Command(
        name = "bench",
        header =
                "Measure throughput and latency under load, or how a replica comes back, or what a change of members takes.",
        synopsisSubcommandLabel = "[catch-up|membership]",
        subcommands = {CatchUpCommand.class, MembershipBenchCommand.class},
        description =
                "Put load on a cluster and measure it: the one in --dir, which has to run, or one made for it. Load and"
                        + " replicas share this machine.",
        footer = {
            "",
            "Without --rate an operation begins when another ends, as with callers that wait. With it operations are due at a"
                    + " fixed rate and latency counts from when they were due, so that a stall shows in full.",
        })
public final class BenchCommand implements Runnable {

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Option(names = "--dir", paramLabel = "D", description = "Directory of a cluster that runs.")
    private Optional<Path> directory;

    @Option(names = "--replicas", paramLabel = "N", description = "Size of the cluster made for it (default: 4).")
    private Optional<Integer> replicas;

    @Option(
            names = "--durability",
            paramLabel = "MODE",
            description = "Of the cluster made for it: strict, relaxed or none (default: strict).")
    private Optional<Durability> durability;

    @Option(
            names = "--clients",
            paramLabel = "C",
            defaultValue = "50",
            description = "Clients, each with an identity and connections of its own (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--outstanding",
            paramLabel = "O",
            defaultValue = "100",
            description = "Operations that each has under way (default: ${DEFAULT-VALUE}).")
    private int outstanding;

    @Option(
            names = "--payload-bytes",
            paramLabel = "B",
            defaultValue = "0",
            description =
                    "Size of the values put and read; 0 for operations without content (default: ${DEFAULT-VALUE}).")
    private int payloadBytes;

    @Option(
            names = "--read-percent",
            paramLabel = "R",
            defaultValue = "0",
            description = "Share of unordered reads (default: ${DEFAULT-VALUE}).")
    private int readPercent;

    @Option(
            names = "--rate",
            paramLabel = "X",
            defaultValue = "0",
            description = "Operations begun per second; 0 for as many as find room (default: ${DEFAULT-VALUE}).")
    private long rate;

    @Option(
            names = "--warm-up-seconds",
            paramLabel = "W",
            defaultValue = "10",
            description = "How long to run before measuring (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "20",
            description = "How long to measure (default: ${DEFAULT-VALUE}).")
    private int seconds;

    BenchCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        BenchSettings settings =
                new BenchSettings(clients, outstanding, payloadBytes, readPercent, warmUpSeconds, seconds, rate);
        Output output = new Output(context.terminal(), common.json());
        BenchReport report =
                directory.isPresent() ? ofRunning(output, settings, directory.get()) : ofOwn(output, settings);
        describe(output, report);
        output.result(report);
    }

    private BenchReport ofRunning(Output output, BenchSettings settings, Path path) {
        if (replicas.isPresent() || durability.isPresent()) {
            throw new UsageException("--replicas and --durability are for a cluster made for the benchmark; the one in "
                    + path + " has its own: leave them out, or leave out --dir");
        }
        LocalCluster cluster = LocalCluster.open(path, context.installation());
        if (cluster.running().size() < cluster.directory().ids().size()) {
            throw new CommandException("only replicas " + cluster.running() + " of the cluster in " + path
                    + " run: start the others with ./atlas up --dir " + path);
        }
        return run(output, settings, cluster.processes());
    }

    private BenchReport ofOwn(Output output, BenchSettings settings) {
        try (EphemeralCluster cluster = EphemeralCluster.create(
                replicas.orElse(LocalCluster.DEFAULT_REPLICAS),
                durability.orElse(Durability.STRICT),
                context.installation(),
                () -> output.warn("Interrupted: ended the replicas and removed their files."))) {
            try {
                cluster.start(
                        cluster.directory().ids(),
                        ready -> output.progress().show("starting replicas, " + ready + " ready"));
                return run(output, settings, cluster.processes());
            } catch (CommandException e) {
                throw new CommandException(
                        e.getMessage() + "\nThe replicas' logs are in " + cluster.closeKeepingLogs(), e);
            }
        }
    }

    private static BenchReport run(Output output, BenchSettings settings, ReplicaProcesses processes) {
        try {
            return new Bench(processes, settings, output.progress()::show).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    private static void describe(Output output, BenchReport report) {
        output.say(String.format(
                "%d replicas (f=%d), durability %s; %d clients with %d outstanding, %d-byte payload, %d%% reads%s; %d s",
                report.replicas(),
                report.f(),
                report.durability(),
                report.clients(),
                report.outstanding(),
                report.payloadBytes(),
                report.readPercent(),
                report.ratePerSecond() == 0 ? "" : ", " + report.ratePerSecond() + " a second",
                report.seconds()));
        output.say("");
        output.say(output.terminal()
                .bold(String.format("  throughput   %,.0f operations a second", report.throughputPerSecond())));
        output.say(String.format(
                "  latency      p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, max %.1f ms",
                report.p50Millis(), report.p90Millis(), report.p99Millis(), report.maxMillis()));
        output.say("  errors       " + (report.errors().isEmpty() ? "none" : report.errors()));
        if (report.notStarted() > 0) {
            output.say(output.terminal()
                    .bad(String.format(
                            "  not started  %,d operations were due and found no room: the cluster did not keep up",
                            report.notStarted())));
        }
        output.say("  CPU seconds  " + report.cpuSeconds() + " of the replicas, " + report.clientCpuSeconds()
                + " of the load");
        output.say(String.format(
                "  per request  %,.0f bytes sent, %,.0f bytes written, %.4f syncs, by all replicas together",
                report.networkBytesPerRequest(), report.storageBytesPerRequest(), report.syncsPerRequest()));
        output.say(String.format(
                "  disk         logs %s, checkpoints %s, of all replicas together",
                course(report, DiskSample::logBytes), course(report, DiskSample::checkpointBytes)));
    }

    private static String course(BenchReport report, ToLongFunction<DiskSample> bytes) {
        LongSummaryStatistics all = report.diskUse().stream().mapToLong(bytes).summaryStatistics();
        return String.format(
                "%,.1f to %,.1f MB (first %,.1f, last %,.1f)",
                all.getMin() / 1e6,
                all.getMax() / 1e6,
                bytes.applyAsLong(report.diskUse().getFirst()) / 1e6,
                bytes.applyAsLong(report.diskUse().getLast()) / 1e6);
    }
}
