package io.atlassmr.cli.command.trial;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.simulate.SeedRuns;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.simulation.Simulation;
import io.atlassmr.simulation.SimulationOptions;
import io.atlassmr.simulation.SimulationResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs clusters in virtual time, from seeds, with faults and liars, and checks what they promise. */
@Command(
        name = "simulate",
        header = "Search seeds for broken promises, or replay one.",
        description =
                "Run whole clusters of the shipped code in virtual time, with faults and liars that follow from a seed,"
                        + " and check what Atlas promises. Exits with 1 if a promise was broken.")
public final class SimulateCommand implements Callable<Integer> {

    private static final int MAX_THREADS = 64;

    private final Context context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @ArgGroup(multiplicity = "1")
    private Which which;

    @Option(names = "--trace", description = "With --seed: print what happens, event by event.")
    private boolean trace;

    @Option(
            names = "--threads",
            paramLabel = "T",
            defaultValue = "2",
            description = "Seeds that run at once, each in one thread (default: ${DEFAULT-VALUE}).")
    private int threads;

    SimulateCommand(Context context) {
        this.context = context;
    }

    /** One seed or many. */
    static final class Which {

        @Option(
                names = "--seeds",
                paramLabel = "A..B",
                converter = SeedRange.Converter.class,
                description = "Run these seeds, both ends included.")
        private SeedRange range;

        @Option(names = "--seed", paramLabel = "N", description = "Run this seed; the same each time.")
        private Long seed;
    }

    @Override
    public Integer call() {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new ParameterException(
                    spec.commandLine(), "--threads is between 1 and " + MAX_THREADS + ", got " + threads);
        }
        if (trace && which.seed == null) {
            throw new ParameterException(
                    spec.commandLine(), "--trace is for one seed: give it with --seed N instead of --seeds");
        }
        if (which.seed != null && which.seed < 0) {
            throw new ParameterException(spec.commandLine(), "--seed is not negative, got " + which.seed);
        }
        Output output = new Output(context.terminal(), common.json());
        return which.seed == null ? many(output, which.range) : one(output, which.seed);
    }

    private int one(Output output, long seed) {
        SimulationOptions options = SimulationOptions.defaults();
        SimulationResult result = Simulation.run(
                seed, trace ? options.withTrace(context.terminal().out()::println) : options);
        output.say(result.describe());
        output.say("happened: " + result.occurrences());
        output.say("trace digest " + result.traceDigest());
        output.result(json(result));
        return result.ok() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private int many(Output output, SeedRange range) {
        SimulationOptions options = SimulationOptions.defaults();
        LongFunction<SimulationResult> simulation = seed -> Simulation.run(seed, options);
        SeedRuns.Summary summary =
                SeedRuns.run(range.first(), range.last(), threads, simulation, new SeedRuns.Listener() {
                    @Override
                    public void progress(long done, long failed, double seconds) {
                        output.progress()
                                .show("Seeds " + range + ": " + done + " of " + range.count() + " done, " + failed
                                        + " broken, " + Math.round(done / Math.max(seconds, 0.001)) + " a second");
                    }

                    @Override
                    public void broken(SimulationResult result) {
                        output.say(output.terminal().bad(result.describe()));
                    }
                });
        output.say(summary.runs() + " seeds, " + summary.decided() + " decisions, " + summary.completed()
                + " results, " + summary.viewChanges() + " view changes, " + summary.crashes() + " crashes, "
                + summary.virtualSeconds() + " s of virtual time in "
                + String.format("%.1f s", summary.seconds()) + ".");
        output.say(
                summary.ok()
                        ? output.terminal().good("No promise was broken.")
                        : output.terminal().bad(summary.broken().size() + " seeds broke a promise."));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("seeds", range.toString());
        json.put("runs", summary.runs());
        json.put("decided", summary.decided());
        json.put("completed", summary.completed());
        json.put("viewChanges", summary.viewChanges());
        json.put("crashes", summary.crashes());
        json.put("virtualSeconds", summary.virtualSeconds());
        json.put("seconds", summary.seconds());
        json.put(
                "violations",
                summary.broken().stream().map(SimulateCommand::json).toList());
        json.put("ok", summary.ok());
        output.result(json);
        return summary.ok() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static Map<String, Object> json(SimulationResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("seed", result.seed());
        json.put("violation", result.violation().orElse(null));
        json.put("replay", result.replayCommand());
        json.put("replicas", result.replicas());
        json.put("f", result.faulty());
        json.put("liars", List.copyOf(result.liars()));
        json.put("decided", result.decided());
        json.put("completed", result.completed());
        json.put("unanswered", result.unanswered());
        json.put("viewChanges", result.viewChanges());
        json.put("crashes", result.crashes());
        json.put("evidence", result.evidence());
        json.put("knownLiars", result.knownLiars().stream().sorted().toList());
        json.put("virtualMillis", result.virtualMillis());
        json.put("occurrences", result.occurrences());
        json.put("traceDigest", result.traceDigest());
        json.put("ok", result.ok());
        return json;
    }
}
