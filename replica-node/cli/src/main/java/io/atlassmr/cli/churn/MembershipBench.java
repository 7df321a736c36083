package io.atlassmr.cli.churn;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.catchup.CatchUpSettings;
import io.atlassmr.cli.catchup.StateData;
import io.atlassmr.cli.catchup.StateFill;
import io.atlassmr.cli.catchup.SteadyLoad;
import io.atlassmr.cli.catchup.SteadyLoad.Mark;
import io.atlassmr.cli.churn.MembershipBenchReport.MeasuredChange;
import io.atlassmr.cli.client.ClientFleet;
import io.atlassmr.cli.cluster.EphemeralCluster;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.demo.Convergence;
import io.atlassmr.cli.membership.MembershipOperations;
import io.atlassmr.cli.terminal.Decimals;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.protocol.message.Command.Admit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Fills a cluster, puts load on it, and measures what a join, a leave of the leader and a new key do to the throughput. */
public final class MembershipBench {

    private static final int COMPUTE_THREADS = 2;
    private static final int NETWORK_THREADS = 1;
    private static final long CONNECT_MILLIS = 60_000;
    private static final long AFTERMATH_MILLIS = 5_000;
    private static final long POLL_MILLIS = 50;
    private static final Duration LEADER_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration CONVERGENCE_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(10);

    private final EphemeralCluster cluster;
    private final CatchUpSettings settings;
    private final StateData data;
    private final Consumer<String> progress;

    /**
     * @param cluster made with {@link CatchUpSettings#tuning} and not started; left as it is in the end
     * @param progress told, often, how far it is
     */
    public MembershipBench(EphemeralCluster cluster, CatchUpSettings settings, Consumer<String> progress) {
        this.cluster = cluster;
        this.settings = settings;
        this.data = settings.data();
        this.progress = progress;
    }

    /** @throws CommandException if the members do not change, or it cannot be measured */
    public MembershipBenchReport run() throws InterruptedException {
        List<Integer> ids = cluster.directory().ids();
        cluster.start(ids, ready -> progress.accept("starting replicas, " + ready + " ready"));
        StateFill.run(cluster.directory().cluster(), data, progress);
        try (ClientFleet fleet = new ClientFleet(cluster.directory().cluster(), COMPUTE_THREADS, NETWORK_THREADS);
                AdminClient admin = new AdminClient(cluster.directory().clientIdentity(), ADMIN_TIMEOUT)) {
            MembershipOperations operations = new MembershipOperations(
                    cluster.processes(),
                    id -> cluster.startWithoutWaiting(List.of(id)),
                    admin,
                    awaited -> progress.accept("waiting for " + awaited));
            Convergence convergence = new Convergence(cluster.processes(), admin);
            List<MeasuredChange> changes;
            try (SteadyLoad load =
                    SteadyLoad.start(open(fleet, settings.clients(), settings.outstanding()), settings, data)) {
                changes = measure(load, operations, convergence);
            }
            progress.accept("comparing all replicas");
            var _ = convergence.await(CONVERGENCE_TIMEOUT);
            return report(ids.size(), changes, convergence.diverged().isEmpty());
        }
    }

    private static List<AtlasClient> open(ClientFleet fleet, int count, int outstanding) throws InterruptedException {
        return fleet.open(count, ClientOptions.defaults().withMaxOutstanding(outstanding), CONNECT_MILLIS);
    }

    private List<MeasuredChange> measure(SteadyLoad load, MembershipOperations operations, Convergence convergence)
            throws InterruptedException {
        List<MeasuredChange> changes = new ArrayList<>();
        int newcomer = operations.nextId();
        changes.add(measure(load, "join", newcomer, () -> {
            long _ = operations.admit(newcomer, Admit.NOBODY);
            var _ = operations.join(newcomer);
        }));
        int leader = leader(convergence);
        changes.add(measure(load, "leave", leader, () -> {
            var _ = operations.leave(leader);
        }));
        int next = leader(convergence);
        int follower = cluster.directory().ids().stream()
                .filter(id -> id != next)
                .findFirst()
                .orElseThrow();
        changes.add(measure(load, "rotate-key", follower, () -> {
            var _ = operations.rotateKey(follower);
        }));
        return changes;
    }

    private MeasuredChange measure(SteadyLoad load, String change, int replica, Runnable making)
            throws InterruptedException {
        Mark before = load.mark();
        progress.accept("measuring the throughput before: " + change);
        TimeUnit.SECONDS.sleep(settings.seconds());
        Mark begin = load.mark();
        making.run();
        Mark end = load.mark();
        progress.accept("measuring the throughput after: " + change);
        TimeUnit.MILLISECONDS.sleep(AFTERMATH_MILLIS);
        Mark after = load.mark();
        return new MeasuredChange(
                change,
                replica,
                Decimals.rounded((end.nanos() - begin.nanos()) / 1e9, 2),
                ThroughputDip.of(load.course(), before, begin, end, after));
    }

    private int leader(Convergence convergence) throws InterruptedException {
        int witnesses = ClusterSpec.faults(cluster.directory().ids().size()) + 1;
        long deadlineNanos = System.nanoTime() + LEADER_TIMEOUT.toNanos();
        while (true) {
            Optional<Integer> leader = convergence.look().leader(witnesses);
            if (leader.isPresent()) {
                return leader.get();
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new CommandException(
                        "no " + witnesses + " replicas named the same leader for " + LEADER_TIMEOUT.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private MembershipBenchReport report(int replicas, List<MeasuredChange> changes, boolean same) {
        return new MembershipBenchReport(
                same,
                data.sizeBytes(),
                data.keys(),
                settings.state().toString(),
                replicas,
                cluster.directory().durability(0).toString(),
                settings.clients(),
                settings.outstanding(),
                settings.ratePerSecond(),
                ThroughputDip.WINDOW_MILLIS,
                changes);
    }
}
