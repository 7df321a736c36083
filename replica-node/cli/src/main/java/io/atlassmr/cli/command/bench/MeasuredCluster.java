package io.atlassmr.cli.command.bench;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Context;
import io.atlassmr.cli.catchup.CatchUpSettings;
import io.atlassmr.cli.cluster.EphemeralCluster;
import io.atlassmr.cli.terminal.Output;
import java.util.function.Consumer;
import java.util.function.Predicate;
import picocli.CommandLine.ExitCode;

/** A cluster that is made for a measurement and leaves nothing behind, but for the replicas' logs if something is wrong. */
final class MeasuredCluster {

    /** Measures a cluster that is not started yet. */
    interface Measurement<R> {
        R run(EphemeralCluster cluster, CatchUpSettings settings, Consumer<String> progress)
                throws InterruptedException;
    }

    private final Context context;
    private final StateLoadOptions options;
    private final Output output;

    MeasuredCluster(Context context, StateLoadOptions options, Output output) {
        this.context = context;
        this.options = options;
        this.output = output;
    }

    /**
     * Measures, and gives the report.
     *
     * @param isOk whether all was well
     * @param describe tells a person
     * @return the command's exit code
     */
    <R> int measure(Measurement<R> measurement, Predicate<R> isOk, Consumer<R> describe) {
        CatchUpSettings settings = options.settings();
        try (EphemeralCluster cluster = EphemeralCluster.create(
                options.replicas(),
                options.durability(),
                settings.tuning(),
                context.installation(),
                () -> output.warn("Interrupted: ended the replicas and removed their files."))) {
            R report = run(measurement, cluster, settings);
            describe.accept(report);
            boolean ok = isOk.test(report);
            if (!ok) {
                output.warn("The replicas' logs are in " + cluster.closeKeepingLogs());
            }
            output.result(report);
            return ok ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    private <R> R run(Measurement<R> measurement, EphemeralCluster cluster, CatchUpSettings settings) {
        try {
            return measurement.run(cluster, settings, output.progress()::show);
        } catch (CommandException e) {
            throw new CommandException(e.getMessage() + "\nThe replicas' logs are in " + cluster.closeKeepingLogs(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }
}
