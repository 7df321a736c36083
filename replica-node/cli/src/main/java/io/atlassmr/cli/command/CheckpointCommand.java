package io.atlassmr.cli.command;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.cli.Context;
import io.atlassmr.cli.admin.CheckpointWish;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.terminal.Output;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Brings a checkpoint about. */
@Command(
        name = "checkpoint",
        header = "Take a checkpoint now.",
        description = "Ask the replicas for a checkpoint of everything decided so far, beside those that they take by"
                + " themselves. It is stable once a quorum has signed the same state; the log before the checkpoints that"
                + " are kept is then removed. Nothing to do if there is one already.")
final class CheckpointCommand implements Runnable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_TIMEOUT_SECONDS = 86_400;

    private final Context context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DirectoryOption directory;

    @Option(names = "--wait", description = "Wait until it is stable at a quorum of the replicas.")
    private boolean wait;

    @Option(
            names = "--timeout-seconds",
            paramLabel = "S",
            defaultValue = "60",
            description = "How long to wait at most (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    CheckpointCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        if (timeoutSeconds < 1 || timeoutSeconds > MAX_TIMEOUT_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--timeout-seconds is between 1 and " + MAX_TIMEOUT_SECONDS + ", got " + timeoutSeconds);
        }
        Output output = new Output(context.terminal(), common.json());
        LocalCluster cluster = LocalCluster.open(directory.directory(), context.installation());
        long begin = System.nanoTime();
        try (AdminClient admin = new AdminClient(cluster.directory().clientIdentity(), TIMEOUT)) {
            CheckpointWish wish = new CheckpointWish(cluster.processes(), admin);
            CheckpointWish.Asked asked = wish.ask();
            if (!asked.asked().isEmpty()) {
                output.say("Asked replicas " + asked.asked() + " for a checkpoint at or above decision "
                        + asked.wanted() + ".");
            }
            CheckpointWish.Position position = wait
                    ? wish.await(
                            asked.wanted(),
                            Duration.ofSeconds(timeoutSeconds),
                            now -> output.progress()
                                    .show("Waiting for a checkpoint at or above " + asked.wanted() + ", the newest is "
                                            + now.stable() + " ..."))
                    : wish.position();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            describe(output, asked, position);
            output.result(new Result(
                    asked.wanted(),
                    asked.asked(),
                    position.stable(),
                    position.holders(),
                    position.stable() >= asked.wanted(),
                    millis));
        }
    }

    private void describe(Output output, CheckpointWish.Asked asked, CheckpointWish.Position position) {
        if (asked.wanted() == 0) {
            output.say("Nothing is decided yet, so there is nothing to take a checkpoint of.");
        } else if (asked.asked().isEmpty()) {
            output.say("Checkpoint " + position.stable() + " holds everything decided so far; there is nothing to do.");
        } else if (position.stable() >= asked.wanted()) {
            output.say(output.terminal()
                    .good("Checkpoint " + position.stable() + " is stable at replicas " + position.holders() + "."));
        } else {
            output.say("The newest stable one is " + position.stable() + "; ./atlas checkpoint --wait"
                    + directory.repeated() + " waits for the next.");
        }
    }

    /** {@code done} tells whether a quorum holds what is wanted. */
    private record Result(
            long wanted, List<Integer> asked, long stable, List<Integer> holders, boolean done, long millis) {}
}
