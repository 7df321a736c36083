package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.bench.ReturnWatch;
import io.atlassmr.cli.client.ClientFleet;
import io.atlassmr.cli.cluster.EphemeralCluster;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.cluster.spec.Durability;
import io.atlassmr.cli.cluster.spec.ReplicaTuning;
import io.atlassmr.cli.demo.Convergence;
import io.atlassmr.cli.demo.Workload;
import io.atlassmr.client.ClientOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A cluster of processes with checkpoints close together, a load whose answers are known beforehand, and who watches both. */
final class RecoveryScene implements AutoCloseable {

    private static final int CHECKPOINT_INTERVAL = 100;
    private static final int CLIENTS = 4;
    private static final int OUTSTANDING = 16;
    private static final long ENDLESS = 100_000_000;
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final long CONNECT_MILLIS = 30_000;

    private final EphemeralCluster cluster;
    private final ClientFleet fleet;
    private final AdminClient admin;
    private final Workload workload;
    private final Convergence convergence;
    private final ReturnWatch watch;

    private RecoveryScene(EphemeralCluster cluster) throws InterruptedException {
        this.cluster = cluster;
        this.fleet = new ClientFleet(cluster.directory().cluster(), 1, 1);
        this.admin = new AdminClient(cluster.directory().clientIdentity(), Duration.ofSeconds(10));
        this.workload = new Workload(
                fleet.open(CLIENTS, ClientOptions.defaults().withMaxOutstanding(OUTSTANDING), CONNECT_MILLIS),
                OUTSTANDING);
        this.convergence = new Convergence(cluster.processes(), admin);
        this.watch = new ReturnWatch(cluster.processes(), admin);
    }

    /** Starts so many replicas, in {@code strict}. */
    static RecoveryScene start(int replicas, ReplicaTuning.KvState state) throws InterruptedException {
        EphemeralCluster cluster = EphemeralCluster.create(
                replicas,
                Durability.STRICT,
                ReplicaTuning.of(state, CHECKPOINT_INTERVAL),
                AtlasRun.installation(),
                () -> {});
        try {
            cluster.start(cluster.directory().ids(), ready -> {});
            return new RecoveryScene(cluster);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    EphemeralCluster cluster() {
        return cluster;
    }

    /** Something done to the cluster. */
    interface Deed {
        void run() throws Exception;
    }

    /** Does something while there is load; then all replicas have to come to the same state with nothing missing in it. */
    void underLoad(Deed deed) throws Exception {
        CompletableFuture<Void> load = workload.start(ENDLESS);
        try {
            acknowledgeMore();
            deed.run();
            acknowledgeMore();
        } finally {
            workload.stop();
        }
        load.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        workload.readBack().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        convergence.await(TIMEOUT);
        assertAll(
                () -> assertEquals(0, workload.lost(), "lost"),
                () -> assertEquals(0, workload.duplicated(), "executed twice"),
                () -> assertTrue(convergence.diverged().isEmpty(), () -> "diverged: " + convergence.diverged()));
    }

    /** Returns when operations more are acknowledged. */
    void acknowledgeMore() throws Exception {
        workload.acknowledgedReaches(workload.acknowledged() + 10L * CLIENTS * OUTSTANDING)
                .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Id of the replica that leads. */
    int leader() {
        int witnesses = ClusterSpec.faults(cluster.directory().ids().size()) + 1;
        return await(() -> convergence.look().leader(witnesses).orElse(null));
    }

    /** Id of a replica that does not lead. */
    int follower() {
        int leader = leader();
        return cluster.directory().ids().stream()
                .filter(id -> id != leader)
                .findFirst()
                .orElseThrow();
    }

    private List<Integer> others(List<Integer> but) {
        return cluster.directory().ids().stream()
                .filter(id -> !but.contains(id))
                .toList();
    }

    /** Returns when the logs of all others begin above everything that replica {@code id}, which is down, can have. */
    void outrun(int id) {
        List<Integer> others = others(List.of(id));
        long newest = watch.newestDecision(others);
        boolean _ = await(() -> others.stream()
                        .allMatch(other -> watch.status(other)
                                .map(AdminStatus::firstAvailable)
                                .filter(first -> first > newest + 1)
                                .isPresent())
                ? true
                : null);
    }

    private static <T> T await(java.util.function.Supplier<T> value) {
        long deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();
        T seen = value.get();
        while (seen == null) {
            assertTrue(System.nanoTime() - deadlineNanos < 0, "waited " + TIMEOUT + " in vain");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            seen = value.get();
        }
        return seen;
    }

    /** Starts replicas, and returns how each came back: it votes, and has what the others had when it was started. */
    List<ReturnWatch.Return> bringBack(List<Integer> ids) throws InterruptedException {
        return bringBack(ids, () -> {});
    }

    /** As {@link #bringBack(List)}, with something done as soon as they are started. */
    List<ReturnWatch.Return> bringBack(List<Integer> ids, Runnable then) throws InterruptedException {
        long newest = watch.newestDecision(others(ids));
        long startedNanos = System.nanoTime();
        cluster.startWithoutWaiting(ids);
        then.run();
        List<ReturnWatch.Return> returns = new java.util.ArrayList<>();
        for (int id : ids) {
            returns.add(watch.await(id, startedNanos, newest, TIMEOUT, progress -> {}));
        }
        return returns;
    }

    @Override
    public void close() {
        fleet.close();
        admin.close();
        cluster.close();
    }
}
