package io.atlassmr.cli.command.cluster;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.CheckpointsAnswer;
import io.atlassmr.cli.Context;
import io.atlassmr.cli.UsageException;
import io.atlassmr.cli.admin.CheckpointWish;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.command.membership.MembershipSession;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.message.Command.SetCheckpointPolicy;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
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
public final class CheckpointCommand implements Runnable {

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

    @Command(
            name = "policy",
            header = "Show or change when checkpoints are taken.",
            description = "Show when checkpoints are taken and how many are kept, as the members agree; with an option,"
                    + " have them agree on something else, which counts at all of them from one decision on.")
    void policy(
            @Mixin CommonOptions common,
            @Mixin DirectoryOption directory,
            @Option(names = "--interval", paramLabel = "N", description = "Decisions between two, 16 to 1000000.")
                    Integer interval,
            @Option(names = "--retain", paramLabel = "N", description = "Stable ones that are kept, 1 to 16.")
                    Integer retain,
            @Option(
                            names = "--max-age-millis",
                            paramLabel = "T",
                            description = "Longest time without one, up to a day; 0 for no such bound.")
                    Long maxAgeMillis) {
        SetCheckpointPolicy change = new SetCheckpointPolicy(
                interval == null ? OptionalInt.empty() : OptionalInt.of(interval),
                retain == null ? OptionalInt.empty() : OptionalInt.of(retain),
                maxAgeMillis == null ? OptionalLong.empty() : OptionalLong.of(maxAgeMillis));
        if (!change.after(CheckpointPolicy.defaults()).isInRange()) {
            throw new UsageException("--interval is 16 to 1000000, --retain 1 to 16, --max-age-millis 0 to 86400000");
        }
        try (MembershipSession session = new MembershipSession(context, common, directory)) {
            CheckpointsAnswer.Policy said = session.operations().checkpointPolicy();
            CheckpointPolicy before = new CheckpointPolicy(said.interval(), said.retain(), said.maxAgeMillis());
            CheckpointPolicy now = change.after(before);
            Long sequenceNumber = null;
            if (!now.equals(before)) {
                session.output().progress().show("Waiting for the members to agree ...");
                sequenceNumber = session.operations().ask(change);
            }
            session.output()
                    .say("A checkpoint each " + now.interval() + " decisions"
                            + (now.maxAgeMillis() > 0 ? " and " + now.maxAgeMillis() + " ms" : "") + ", " + now.retain()
                            + " are kept"
                            + (sequenceNumber == null ? "." : ", since decision " + sequenceNumber + "."));
            session.output()
                    .result(new PolicyResult(
                            true,
                            now.interval(),
                            now.retain(),
                            now.maxAgeMillis(),
                            sequenceNumber != null,
                            sequenceNumber));
        }
    }

    /** {@code sequenceNumber} is the decision that the change is in, null if there was nothing to change. */
    private record PolicyResult(
            boolean ok, int interval, int retain, long maxAgeMillis, boolean changed, Long sequenceNumber) {}

    /** {@code done} tells whether a quorum holds what is wanted. */
    private record Result(
            long wanted, List<Integer> asked, long stable, List<Integer> holders, boolean done, long millis) {}
}
