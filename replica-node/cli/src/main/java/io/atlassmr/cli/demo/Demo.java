package io.atlassmr.cli.demo;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.admin.ClusterView;
import io.atlassmr.cli.bench.ReturnWatch;
import io.atlassmr.cli.client.ClientFleet;
import io.atlassmr.cli.cluster.EphemeralCluster;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.cluster.spec.ReplicaTuning;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * Puts load on a cluster, kills its leader at half of it, and restarts it; then wipes the disk of another replica, which has to
 * vote again. Checks that nothing was lost, executed twice, or diverged.
 */
public final class Demo {

    /** Clients that put load on the cluster. */
    public static final int CLIENTS = 8;

    /** Operations that each of them has under way. */
    public static final int OUTSTANDING = 64;

    private static final long CONNECT_MILLIS = 30_000;
    private static final long TICK_MILLIS = 20;
    private static final Duration STALL_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration CONVERGENCE_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(10);

    private final EphemeralCluster cluster;
    private final long operations;
    private final Story story;
    private final int replicas;
    private final int faults;
    private long beginNanos;
    private long throughputPerSecond;
    private long killedNanos;
    private long recoveryMillis = -1;
    private int killed = -1;
    private CompletableFuture<Long> recovered;

    /**
     * What the replicas of a demo have otherwise: small batches and few decisions between two checkpoints, so that even a short
     * demo prunes its log, and a wiped replica has a state to fetch.
     */
    public static final ReplicaTuning TUNING = new ReplicaTuning(
            Map.of(
                    "atlas.checkpoint.interval", "16",
                    "atlas.checkpoint.retain", "1",
                    "atlas.ordering.max-batch-requests", "64"),
            List.of());

    /** Told what happens. Called in the caller's thread. */
    public interface Story {

        /** Something a person wants to see. */
        void event(String what);

        /** How far it is; comes often. */
        void progress(String what);
    }

    /**
     * @param cluster made and not started; left as it is in the end
     * @param operations how many are to be acknowledged
     */
    public Demo(EphemeralCluster cluster, long operations, Story story) {
        this.cluster = cluster;
        this.operations = operations;
        this.story = story;
        this.replicas = cluster.directory().ids().size();
        this.faults = ClusterSpec.faults(replicas);
    }

    /**
     * Runs it all.
     *
     * @throws CommandException if it cannot go on, as when operations are no longer acknowledged
     */
    public DemoReport run() throws InterruptedException {
        List<Integer> ids = cluster.directory().ids();
        story.event("starting " + replicas + " replicas: own processes, own disks, mutual TLS between all");
        cluster.start(ids, ready -> story.progress(ready + " of " + replicas + " replicas ready"));
        try (ClientFleet fleet = new ClientFleet(cluster.directory().cluster(), 2, 1);
                AdminClient admin = new AdminClient(cluster.directory().clientIdentity(), ADMIN_TIMEOUT)) {
            List<AtlasClient> clients =
                    fleet.open(CLIENTS, ClientOptions.defaults().withMaxOutstanding(OUTSTANDING), CONNECT_MILLIS);
            Convergence convergence = new Convergence(cluster.processes(), admin);
            Workload workload = new Workload(clients, OUTSTANDING);
            story.event("all ready; " + CLIENTS + " clients begin, each with " + OUTSTANDING + " operations under way");
            load(workload, convergence);
            Histogram latencies = workload.latencies();
            check(workload, convergence);
            ReturnWatch watch = new ReturnWatch(cluster.processes(), admin);
            DiskLoss.Outcome loss =
                    new DiskLoss(cluster, workload, watch, story).play(bystander(convergence), operations);
            MembershipAct.Outcome change =
                    new MembershipAct(cluster, workload, convergence, admin, story).play(operations);
            return report(workload, convergence, latencies, loss, change);
        }
    }

    private void load(Workload workload, Convergence convergence) throws InterruptedException {
        ClusterView _ = convergence.look();
        beginNanos = System.nanoTime();
        await(workload, convergence, workload.start(operations), operations / 2);
        if (killed < 0) {
            // So fast that the end came first, or nobody led just then: the leader is killed all the same.
            killWhoeverLeads(workload, convergence);
        }
        if (!recovered.isDone()) {
            // All operations had begun before the kill; a few more need another leader.
            await(workload, convergence, workload.start((long) CLIENTS * OUTSTANDING), Long.MAX_VALUE);
        }
        throughputPerSecond =
                Math.round(workload.acknowledged() * 1e9 / (workload.lastAcknowledgedNanos() - beginNanos));
        story.event(String.format("all %,d operations acknowledged", workload.acknowledged()));
    }

    private void await(Workload workload, Convergence convergence, CompletableFuture<Void> done, long killAt)
            throws InterruptedException {
        long lastSeen = 0;
        long lastProgressNanos = System.nanoTime();
        while (!ended(done)) {
            long acknowledged = workload.acknowledged();
            long now = System.nanoTime();
            if (acknowledged > lastSeen) {
                lastSeen = acknowledged;
                lastProgressNanos = now;
            } else if (now - lastProgressNanos > STALL_TIMEOUT.toNanos()) {
                throw new CommandException("no operation was acknowledged for " + STALL_TIMEOUT.toSeconds() + " s; "
                        + acknowledged + " of " + operations + " were before");
            }
            if (killed < 0 && acknowledged >= killAt) {
                kill(workload, convergence);
            }
            announceRecovery(convergence);
            story.progress(String.format(
                    "%,d of %,d acknowledged, %,.0f a second%s",
                    acknowledged,
                    operations,
                    acknowledged * 1e9 / (now - beginNanos),
                    killed >= 0 && !recovered.isDone() ? "; without a leader" : ""));
        }
        announceRecovery(convergence);
    }

    private void announceRecovery(Convergence convergence) {
        if (recoveryMillis < 0 && recovered != null && recovered.isDone()) {
            recoveryMillis = TimeUnit.NANOSECONDS.toMillis(recovered.join() - killedNanos);
            ClusterView view = convergence.look();
            story.event(String.format(
                    "%s leads now; the first operation begun after the kill was acknowledged %,d ms after it",
                    view.leader(faults + 1).map(id -> "replica " + id).orElse("another"), recoveryMillis));
        }
    }

    private static boolean ended(CompletableFuture<?> future) throws InterruptedException {
        try {
            future.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException e) {
            throw new CommandException("the cluster did not do what was asked: " + e.getCause(), e.getCause());
        }
    }

    private void killWhoeverLeads(Workload workload, Convergence convergence) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + STALL_TIMEOUT.toNanos();
        while (killed < 0) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new CommandException("no " + (faults + 1) + " replicas named the same leader for "
                        + STALL_TIMEOUT.toSeconds() + " s");
            }
            kill(workload, convergence);
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
        }
    }

    /** Kills the leader, if enough replicas name the same. */
    private void kill(Workload workload, Convergence convergence) {
        Optional<Integer> leader = convergence.look().leader(faults + 1);
        if (leader.isEmpty()) {
            return;
        }
        killed = leader.get();
        long pid = cluster.processes().process(killed).map(ProcessHandle::pid).orElse(-1L);
        long acknowledged = workload.acknowledged();
        killedNanos = System.nanoTime();
        cluster.kill(killed);
        recovered = workload.nextAcknowledgement();
        story.event(String.format(
                "%,d acknowledged: kill -9 of the leader, replica %d (process %d)", acknowledged, killed, pid));
    }

    /** Reads everything back, and lets the killed replica catch up. */
    private void check(Workload workload, Convergence convergence) throws InterruptedException {
        readBack(workload);
        cluster.start(List.of(killed), ready -> story.progress("restarting replica " + killed));
        story.event("restarted replica " + killed + ": it caught up, and "
                + verdict(convergence.await(CONVERGENCE_TIMEOUT), convergence));
    }

    private String verdict(ClusterView all, Convergence convergence) {
        AdminStatus any = all.statuses().getFirst();
        return convergence.diverged().isEmpty()
                ? "all " + replicas + " have state " + any.stateDigest().substring(0, 12) + " at decision "
                        + any.stateSequenceNumber()
                : "replicas " + convergence.diverged() + " have another state than the others";
    }

    /** A replica that has been through nothing yet, and does not lead. */
    private int bystander(Convergence convergence) {
        int leader = convergence.look().leader(faults + 1).orElse(killed);
        return cluster.directory().ids().stream()
                .filter(id -> id != killed && id != leader)
                .findFirst()
                .orElseThrow();
    }

    private DemoReport report(
            Workload workload,
            Convergence convergence,
            Histogram latencies,
            DiskLoss.Outcome loss,
            MembershipAct.Outcome change)
            throws InterruptedException {
        readBack(workload);
        ClusterView all = loss.returned() ? convergence.await(CONVERGENCE_TIMEOUT) : convergence.look();
        long diverged = convergence.diverged().size();
        if (loss.returned()) {
            story.event(verdict(all, convergence));
        }
        boolean ok = workload.acknowledged() >= operations
                && workload.lost() == 0
                && workload.duplicated() == 0
                && diverged == 0
                && loss.returned();
        return new DemoReport(
                replicas,
                faults,
                workload.acknowledged(),
                workload.lost(),
                workload.duplicated(),
                diverged,
                all.statuses().stream()
                        .mapToLong(AdminStatus::viewChanges)
                        .max()
                        .orElse(0),
                recoveryMillis,
                throughputPerSecond,
                latencies.getValueAtPercentile(50) / 1e6,
                latencies.getValueAtPercentile(99) / 1e6,
                loss.recoveryMillis(),
                loss.transferredBytes(),
                change.grownMillis(),
                change.shrunkMillis(),
                change.epoch(),
                ok);
    }

    private void readBack(Workload workload) throws InterruptedException {
        story.progress("reading everything back");
        try {
            int keys = workload.readBack().get(STALL_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            story.event(String.format("read all %,d keys back", keys));
        } catch (ExecutionException e) {
            throw new CommandException("the keys could not be read back: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new CommandException("the keys could not be read back within " + STALL_TIMEOUT.toSeconds() + " s", e);
        }
    }
}
