package io.atlassmr.cli.catchup;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.bench.RawCopy;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.bench.ReturnWatch;
import io.atlassmr.cli.bench.ReturnWatch.Return;
import io.atlassmr.cli.client.ClientFleet;
import io.atlassmr.cli.cluster.EphemeralCluster;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.demo.Convergence;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Fills a cluster, puts load on it, wipes one replica and measures its way back; then measures the way back of one that was
 * only away while a hundredth of the keys changed and the log went past it.
 */
public final class CatchUp {

    private static final int WRITERS = 4;
    private static final int WRITES_UNDER_WAY = 128;
    private static final int COMPUTE_THREADS = 2;
    private static final int NETWORK_THREADS = 1;
    private static final long CONNECT_MILLIS = 60_000;
    private static final long SETTLE_MILLIS = 2_000;
    private static final long POLL_MILLIS = 100;
    private static final long WISH_MILLIS = 1_000;
    private static final long SLOWEST_BYTES_PER_SECOND = 1 << 20;
    private static final Duration LEAST_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(10);

    private final EphemeralCluster cluster;
    private final CatchUpSettings settings;
    private final StateData data;
    private final Duration timeout;
    private final Consumer<String> progress;

    /**
     * @param cluster made with {@link CatchUpSettings#tuning} and not started; left as it is in the end
     * @param progress told, often, how far it is
     */
    public CatchUp(EphemeralCluster cluster, CatchUpSettings settings, Consumer<String> progress) {
        this.cluster = cluster;
        this.settings = settings;
        this.data = settings.data();
        this.timeout = LEAST_TIMEOUT.plusSeconds(data.sizeBytes() / SLOWEST_BYTES_PER_SECOND);
        this.progress = progress;
    }

    /** @throws CommandException if the replica does not come back, or it cannot be measured */
    public CatchUpReport run() throws InterruptedException {
        progress.accept("copying as many bytes over one TLS connection, at rest");
        Path bytes = cluster.scratch().resolve("raw");
        double atRestSeconds = rawCopy(bytes);
        List<Integer> ids = cluster.directory().ids();
        cluster.start(ids, ready -> progress.accept("starting replicas, " + ready + " ready"));
        StateFill.run(cluster.directory().cluster(), data, progress);
        try (ClientFleet fleet = new ClientFleet(cluster.directory().cluster(), COMPUTE_THREADS, NETWORK_THREADS);
                AdminClient admin = new AdminClient(cluster.directory().clientIdentity(), ADMIN_TIMEOUT)) {
            List<AtlasClient> writers = open(fleet, WRITERS, WRITES_UNDER_WAY);
            return measure(new Course(fleet, admin, writers), bytes, atRestSeconds);
        }
    }

    /** What a measurement works with. */
    private record Course(ClientFleet fleet, AdminClient admin, List<AtlasClient> writers) {}

    private List<AtlasClient> open(ClientFleet fleet, int count, int outstanding) throws InterruptedException {
        return fleet.open(count, ClientOptions.defaults().withMaxOutstanding(outstanding), CONNECT_MILLIS);
    }

    private CatchUpReport measure(Course course, Path bytes, double atRestSeconds) throws InterruptedException {
        Convergence convergence = new Convergence(cluster.processes(), course.admin());
        ReturnWatch watch = new ReturnWatch(cluster.processes(), course.admin());
        Return full;
        Return delta;
        CatchUpReport.Throughput throughput;
        double underLoadSeconds;
        int changed;
        try (SteadyLoad load =
                SteadyLoad.start(open(course.fleet(), settings.clients(), settings.outstanding()), settings, data)) {
            long filled = watch.newestDecision(cluster.directory().ids());
            awaitCheckpoint(
                    course,
                    watch,
                    cluster.directory().ids(),
                    "a checkpoint of the state, and a log that does not go back to the first decision",
                    status -> status.stableCheckpoint() >= filled && status.firstAvailable() > 1);
            int victim = follower(convergence);
            SteadyLoad.Mark before = load.mark();
            if (settings.clients() > 0) {
                pause(TimeUnit.SECONDS.toMillis(settings.seconds()), "measuring the throughput");
            }
            SteadyLoad.Mark wiped = load.mark();
            underLoadSeconds = rawCopyAgain(bytes);

            cluster.kill(victim);
            cluster.wipe(victim);
            SteadyLoad.Mark returning = load.mark();
            full = bringBack(watch, victim);
            throughput = throughput(before.throughputUntil(wiped), returning.throughputUntil(load.mark()));

            pause(SETTLE_MILLIS, "a pause before the replica goes away again");
            changed = changeWhileAway(course, watch, victim);
            delta = bringBack(watch, victim);
        }
        progress.accept("comparing all replicas");
        convergence.await(timeout);
        return report(
                full,
                new CatchUpReport.RawCopyTimes(rounded(atRestSeconds, 3), rounded(underLoadSeconds, 3)),
                throughput,
                changed,
                delta,
                convergence.diverged().isEmpty());
    }

    /** Null if there is no load. */
    private CatchUpReport.Throughput throughput(double beforePerSecond, double duringPerSecond) {
        return settings.clients() == 0
                ? null
                : new CatchUpReport.Throughput(
                        rounded(beforePerSecond, 1),
                        rounded(duringPerSecond, 1),
                        rounded(duringPerSecond / beforePerSecond, 3));
    }

    /** A replica that does not lead: another leader would be a measurement of its own. */
    private int follower(Convergence convergence) {
        int leader = convergence
                .look()
                .leader(ClusterSpec.faults(cluster.directory().ids().size()) + 1)
                .orElse(0);
        return cluster.directory().ids().stream()
                .filter(id -> id != leader)
                .findFirst()
                .orElseThrow();
    }

    private Return bringBack(ReturnWatch watch, int victim) throws InterruptedException {
        long newest = watch.newestDecision(
                cluster.directory().ids().stream().filter(id -> id != victim).toList());
        long startedNanos = System.nanoTime();
        cluster.startWithoutWaiting(List.of(victim));
        return watch.await(victim, startedNanos, newest, timeout, progress);
    }

    /** Returns how many keys changed while the replica was away; the log of the others then begins above what it has. */
    private int changeWhileAway(Course course, ReturnWatch watch, int victim) throws InterruptedException {
        cluster.kill(victim);
        List<Integer> others =
                cluster.directory().ids().stream().filter(id -> id != victim).toList();
        long newest = watch.newestDecision(others);
        int[] changing = data.hundredth();
        BulkWrites.run(
                course.writers(),
                WRITES_UNDER_WAY,
                changing.length,
                index -> data.put(changing[index], Long.MAX_VALUE),
                done -> progress.accept(String.format("changed %,d of %,d keys", done, changing.length)));
        awaitCheckpoint(
                course,
                watch,
                others,
                "the log to go past the replica",
                status -> status.firstAvailable() > newest + 1);
        return changing.length;
    }

    private interface Wanted {
        boolean isSeenIn(AdminStatus status);
    }

    /** Wishes for checkpoints until all of these replicas are where they are wanted. */
    private void awaitCheckpoint(Course course, ReturnWatch watch, List<Integer> ids, String what, Wanted wanted)
            throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        long nextWishNanos = System.nanoTime();
        while (!ids.stream()
                .allMatch(id -> watch.status(id).filter(wanted::isSeenIn).isPresent())) {
            progress.accept("waiting for " + what);
            if (System.nanoTime() - nextWishNanos >= 0) {
                nextWishNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WISH_MILLIS);
                for (int id : ids) {
                    // Whoever does not hear it is asked again.
                    CompletableFuture<Long> _ =
                            course.admin().wantCheckpoint(cluster.directory().member(id));
                }
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new CommandException("waited " + timeout.toSeconds() + " s for " + what + " in vain");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private void pause(long millis, String what) throws InterruptedException {
        progress.accept(what);
        TimeUnit.MILLISECONDS.sleep(millis);
    }

    /** Makes the bytes, and copies them. */
    private double rawCopy(Path bytes) {
        try {
            RawCopy.fill(bytes, data.sizeBytes());
            return rawCopyAgain(bytes);
        } catch (IOException e) {
            throw new CommandException("cannot write " + bytes + ": " + e, e);
        }
    }

    private double rawCopyAgain(Path bytes) {
        progress.accept("copying as many bytes over one TLS connection");
        Path copy = bytes.resolveSibling("raw-copy");
        try {
            double seconds = RawCopy.run(bytes, copy).toNanos() / 1e9;
            Files.delete(copy);
            return seconds;
        } catch (IOException e) {
            throw new CommandException("cannot copy " + bytes + ": " + e, e);
        }
    }

    private CatchUpReport report(
            Return full,
            CatchUpReport.RawCopyTimes rawCopy,
            CatchUpReport.Throughput throughput,
            int changed,
            Return delta,
            boolean same) {
        int replicas = cluster.directory().ids().size();
        double ratio = rounded(full.stateSeconds() / rawCopy.underLoadSeconds(), 2);
        CatchUpReport.Delta share = new CatchUpReport.Delta(
                changed, way(delta), rounded((double) delta.stateBytes() / Math.max(1, full.stateBytes()), 4));
        return new CatchUpReport(
                same,
                data.sizeBytes(),
                data.keys(),
                settings.state().toString(),
                replicas,
                ClusterSpec.faults(replicas),
                cluster.directory().durability(0).toString(),
                settings.clients(),
                settings.outstanding(),
                settings.ratePerSecond(),
                way(full),
                rawCopy,
                ratio,
                rounded(full.stateSeconds() / rawCopy.atRestSeconds(), 2),
                throughput,
                share,
                CatchUpReport.Goals.of(ratio, throughput, share));
    }

    private static CatchUpReport.Way way(Return way) {
        return new CatchUpReport.Way(
                rounded(way.seconds(), 2),
                rounded(way.stateSeconds(), 2),
                way.stateBytes(),
                rounded(way.stateBytes() / 1e6 / Math.max(0.001, way.stateSeconds()), 1),
                way.steps());
    }

    private static double rounded(double value, int digits) {
        return Double.parseDouble(String.format(Locale.ROOT, "%." + digits + "f", value));
    }
}
