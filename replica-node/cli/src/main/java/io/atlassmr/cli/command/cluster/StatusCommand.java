package io.atlassmr.cli.command.cluster;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.admin.answer.ClusterHealth;
import io.atlassmr.admin.answer.RecoveryProgress;
import io.atlassmr.cli.Context;
import io.atlassmr.cli.admin.ClusterView;
import io.atlassmr.cli.admin.Divergence;
import io.atlassmr.cli.admin.ReplicaView;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.cluster.spec.ReplicaPorts;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.cli.terminal.Table;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows how each replica is doing. */
@Command(
        name = "status",
        header = "Show how each replica is doing.",
        description =
                "Show how each replica is doing, as it says itself through its admin API; replicas that do not run are"
                        + " shown as down.")
public final class StatusCommand implements Runnable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int SHOWN_DIGEST = 12;

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DirectoryOption directory;

    StatusCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        Output output = new Output(context.terminal(), common.json());
        LocalCluster cluster = LocalCluster.open(directory.directory(), context.installation());
        ClusterView view;
        Optional<Divergence> divergence;
        try (AdminClient admin = new AdminClient(cluster.directory().clientIdentity(), TIMEOUT)) {
            view = ClusterView.ask(cluster.processes(), admin);
            divergence = divergence(cluster, view, admin);
        }
        describe(output, cluster, view);
        divergence.ifPresent(found -> output.say(output.terminal().bad(found.describe())));
        output.result(new Result(
                cluster.directory().root().toString(),
                cluster.directory().cluster().clusterId(),
                view.diverged(),
                divergence.map(Divergence::sequenceNumber).orElse(null),
                view.replicas().stream().map(StatusCommand::replica).toList()));
    }

    private static void describe(Output output, LocalCluster cluster, ClusterView view) {
        Table table = new Table(
                "REPLICA",
                "PID",
                "PORTS",
                "STATE",
                "VIEW",
                "LEADER",
                "DECIDED",
                "EXECUTED",
                "CHECKPOINT",
                "STATE DIGEST");
        for (ReplicaView replica : view.replicas()) {
            AdminStatus status = replica.status().orElse(null);
            table.row(
                    replica.id(),
                    replica.pid().orElse(null),
                    replica.ports(),
                    replica.state().label(),
                    status == null ? null : status.view(),
                    status == null ? null : status.leader(),
                    status == null ? null : status.lastDecided(),
                    status == null ? null : status.lastExecuted(),
                    status == null ? null : status.stableCheckpoint(),
                    status == null
                            ? null
                            : status.stateDigest().substring(0, SHOWN_DIGEST) + " at " + status.stateSequenceNumber());
        }
        table.lines().forEach(output::say);
        int n = view.replicas().size();
        // One that drains votes all the same.
        long ready = view.replicas().stream()
                .filter(replica ->
                        replica.state() == ReplicaView.State.READY || replica.state() == ReplicaView.State.DRAINING)
                .count();
        output.say("");
        output.say(summary(output, n, ready));
        for (ReplicaView replica : view.replicas()) {
            if (replica.state() == ReplicaView.State.SILENT) {
                output.say("Replica " + replica.id() + " does not answer: "
                        + replica.silence().orElse("") + "; its log is "
                        + cluster.directory().logFile(replica.id()));
            }
            replica.status().ifPresent(status -> recovery(output, status));
            replica.status().ifPresent(status -> health(output, status));
        }
        if (!view.diverged().isEmpty()) {
            output.say(output.terminal()
                    .bad("Replicas " + view.diverged() + " have another state than the rest at the same decision."));
        }
    }

    /** Looked for only if something differs: digests are many. */
    private static Optional<Divergence> divergence(LocalCluster cluster, ClusterView view, AdminClient admin) {
        boolean differs = !view.diverged().isEmpty() || view.statuses().stream().anyMatch(AdminStatus::diverged);
        long upTo = view.statuses().stream()
                .mapToLong(AdminStatus::stateSequenceNumber)
                .max()
                .orElse(0);
        return differs ? Divergence.find(cluster.directory().cluster().members(), upTo, admin) : Optional.empty();
    }

    private static void recovery(Output output, AdminStatus status) {
        int id = status.replicaId();
        RecoveryProgress recovery = status.recovery();
        if (status.diverged()) {
            output.say(output.terminal()
                    .bad("Replica " + id + " diverged: a quorum signed another state than its own at a checkpoint. It"
                            + " does not vote, and fetches theirs."));
        }
        if (recovery != null && recovery.step() != RecoveryProgress.Step.NONE) {
            output.say("Replica " + id + " recovers, " + recovery.describe(status) + ".");
        }
        if (status.abstains() && (recovery == null || recovery.step() != RecoveryProgress.Step.ABSTAINING)) {
            output.say("Replica " + id + " lost its votes, and abstains until they cannot matter any more.");
        }
    }

    private static void health(Output output, AdminStatus status) {
        ClusterHealth health = status.health();
        if (health == null) {
            return;
        }
        if (!health.isHealthy()) {
            output.say("Replica " + status.replicaId() + " sees the cluster " + health.describe() + ".");
        }
        if (!health.faulty().isEmpty()) {
            output.say(output.terminal()
                    .bad("Replica " + status.replicaId() + " can prove that "
                            + (health.liars().isEmpty() ? "" : "replicas " + health.liars() + " lie and ")
                            + "replicas " + health.faulty() + " are faulty: ./atlas evidence list"));
        }
    }

    private static String summary(Output output, int n, long ready) {
        int quorum = ClusterSpec.quorum(n);
        String counts = ready + " of " + n + " replicas are ready, a quorum is " + quorum + ": ";
        return ready >= quorum
                ? output.terminal()
                        .good(counts + "the cluster serves, and stands " + (ready - quorum) + " more failure"
                                + (ready - quorum == 1 ? "" : "s") + ".")
                : output.terminal().bad(counts + "the cluster cannot decide anything until more of them run.");
    }

    private static ReplicaResult replica(ReplicaView replica) {
        AdminStatus status = replica.status().orElse(null);
        return new ReplicaResult(
                replica.id(),
                replica.pid().orElse(null),
                replica.ports(),
                replica.state().name(),
                status == null ? null : status.view(),
                status == null ? null : status.leader(),
                status == null ? null : status.lastDecided(),
                status == null ? null : status.lastExecuted(),
                status == null ? null : status.stateSequenceNumber(),
                status == null ? null : status.stateDigest(),
                status == null ? null : status.stableCheckpoint(),
                status == null ? null : status.firstAvailable(),
                status == null ? null : status.diverged(),
                status == null ? null : status.abstains(),
                status == null ? null : status.abstainsUntil(),
                status == null ? null : status.abstainsUntilView(),
                status == null || status.recovery() == null ? null : Recovery.of(status.recovery()),
                status == null ? null : status.viewChanges(),
                status == null ? null : status.durability().toLowerCase(Locale.ROOT),
                status == null ? null : status.health(),
                replica.silence().orElse(null));
    }

    /** {@code divergedAt} is the first decision after which replicas differ, null if they do not. */
    private record Result(
            String dir, String clusterId, List<Integer> diverged, Long divergedAt, List<ReplicaResult> replicas) {}

    /** Which of the four steps of recovery a replica is in, 0 for none, and how far. */
    private record Recovery(
            int step,
            int steps,
            String doing,
            long checkpoint,
            long partsDone,
            long parts,
            long bytesDone,
            long bytes,
            long decisionsDone,
            long decisions,
            Long etaMillis) {

        static Recovery of(RecoveryProgress progress) {
            return new Recovery(
                    progress.step().number(),
                    RecoveryProgress.STEPS,
                    progress.step().name(),
                    progress.checkpoint(),
                    progress.partsDone(),
                    progress.parts(),
                    progress.bytesDone(),
                    progress.bytes(),
                    progress.decisionsDone(),
                    progress.decisions(),
                    progress.etaMillis());
        }
    }

    /** What a replica did not say is null. */
    private record ReplicaResult(
            int id,
            Long pid,
            ReplicaPorts ports,
            String state,
            Long view,
            Integer leader,
            Long lastDecided,
            Long lastExecuted,
            Long stateSequenceNumber,
            String stateDigest,
            Long stableCheckpoint,
            Long firstAvailable,
            Boolean diverged,
            Boolean abstains,
            Long abstainsUntil,
            Long abstainsUntilView,
            Recovery recovery,
            Long viewChanges,
            String durability,
            ClusterHealth health,
            String silence) {}
}
