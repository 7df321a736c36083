package io.atlassmr.cli.bench;

import static io.atlassmr.cli.terminal.Decimals.rounded;

import io.atlassmr.bench.LoadClock;
import io.atlassmr.bench.LoadGenerator;
import io.atlassmr.bench.LoadListener;
import io.atlassmr.bench.LoadReport;
import io.atlassmr.bench.LoadTarget;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.client.ClientFleet;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.process.CoreBinding;
import io.atlassmr.cli.cluster.process.ReplicaProcesses;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Puts load on a cluster that runs, and measures it and the replicas. */
public final class Bench {

    // Load and replicas share the machine, so the load takes as few threads as carry it.
    private static final int COMPUTE_THREADS = 2;
    private static final int NETWORK_THREADS = 1;
    private static final long CONNECT_MILLIS = 60_000;

    private final ReplicaProcesses processes;
    private final BenchSettings settings;
    private final Consumer<String> progress;

    /** @param progress told, often, how far it is */
    public Bench(ReplicaProcesses processes, BenchSettings settings, Consumer<String> progress) {
        this.processes = processes;
        this.settings = settings;
        this.progress = progress;
    }

    /** @throws CommandException if no client can be connected, or the replicas' meters cannot be read */
    public BenchReport run() throws InterruptedException {
        ClusterDirectory directory = processes.directory();
        Watch watch = new Watch();
        try (ClientFleet fleet = new ClientFleet(directory.cluster(), COMPUTE_THREADS, NETWORK_THREADS);
                CoreBinding _ = settings.boundToCores() ? CoreBinding.of(running(directory)) : null) {
            progress.accept("connecting " + settings.clients() + " clients");
            List<AtlasClient> clients = fleet.open(
                    settings.clients(),
                    ClientOptions.defaults().withMaxOutstanding(settings.outstanding()),
                    CONNECT_MILLIS);
            requireConnected(clients);
            LoadReport load = new LoadGenerator(
                            settings.load(), KvOperations.ofPayload(settings.payloadBytes()), LoadClock.system())
                    .run(index -> LoadTarget.of(clients.get(index)), watch);
            return report(directory, load, watch);
        }
    }

    private List<ProcessHandle> running(ClusterDirectory directory) {
        return directory.ids().stream()
                .flatMap(id -> processes.process(id).stream())
                .toList();
    }

    private void requireConnected(List<AtlasClient> clients) {
        int needed = ClusterSpec.faults(processes.directory().ids().size()) + 1;
        long without = clients.stream()
                .filter(client -> client.connectedReplicas() < needed)
                .count();
        if (without > 0) {
            throw new CommandException(without + " of " + clients.size() + " clients could not connect to " + needed
                    + " replicas within " + CONNECT_MILLIS / 1000 + " s; ./atlas status shows which replicas run");
        }
    }

    private BenchReport report(ClusterDirectory directory, LoadReport load, Watch watch) {
        List<ReplicaMeters> begin = watch.begin();
        List<ReplicaMeters> end = watch.end();
        double throughput = load.throughputPerSecond();
        return new BenchReport(
                directory.ids().size(),
                ClusterSpec.faults(directory.ids().size()),
                directory.durability(0).toString(),
                settings.clients(),
                settings.outstanding(),
                settings.payloadBytes(),
                settings.readPercent(),
                settings.ratePerSecond(),
                settings.seconds(),
                settings.boundToCores(),
                load.completed(),
                rounded(throughput, 1),
                rounded(load.p50Millis(), 3),
                rounded(load.p90Millis(), 3),
                rounded(load.p99Millis(), 3),
                rounded(load.maxMillis(), 3),
                load.errors(),
                load.notStarted(),
                cpuSeconds(begin, end),
                rounded(watch.clientCpuSeconds(), 2),
                perRequest(begin, end, ReplicaMeters::networkBytes, throughput),
                perRequest(begin, end, ReplicaMeters::storageBytes, throughput),
                perRequest(begin, end, ReplicaMeters::syncs, throughput),
                watch.disk.samples());
    }

    private List<Double> cpuSeconds(List<ReplicaMeters> begin, List<ReplicaMeters> end) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < Math.min(begin.size(), end.size()); i++) {
            double perSecond = rate(begin.get(i), end.get(i), ReplicaMeters::cpuSeconds);
            seconds.add(rounded(perSecond * settings.seconds(), 2));
        }
        return seconds;
    }

    /** The rate of all replicas together over the rate of operations: readings do not come at the very edges. */
    private static double perRequest(
            List<ReplicaMeters> begin,
            List<ReplicaMeters> end,
            ToDoubleFunction<ReplicaMeters> meter,
            double throughputPerSecond) {
        double perSecond = 0;
        for (int i = 0; i < Math.min(begin.size(), end.size()); i++) {
            perSecond += rate(begin.get(i), end.get(i), meter);
        }
        return throughputPerSecond == 0 ? 0 : rounded(perSecond / throughputPerSecond, 4);
    }

    private static double rate(ReplicaMeters begin, ReplicaMeters end, ToDoubleFunction<ReplicaMeters> meter) {
        return (meter.applyAsDouble(end) - meter.applyAsDouble(begin)) * 1e9 / (end.takenNanos() - begin.takenNanos());
    }

    /** Reads meters at both ends of the measured time, in threads of their own, and tells how far it is. */
    private final class Watch implements LoadListener {

        private final DiskWatch disk = new DiskWatch(processes.directory(), settings.seconds());
        private CompletableFuture<List<ReplicaMeters>> begin;
        private CompletableFuture<List<ReplicaMeters>> end;
        private Duration clientBegin = Duration.ZERO;
        private Duration clientEnd = Duration.ZERO;

        @Override
        public void measuringBegins() {
            begin = read();
            clientBegin = ownCpu();
        }

        @Override
        public void progress(long measuredNanos, long completed, long failed) {
            disk.progress(measuredNanos, completed);
            progress.accept(
                    measuredNanos < 0
                            ? String.format("warming up, %.0f s", -measuredNanos / 1e9)
                            : String.format(
                                    "%.0f of %d s: %,.0f operations a second%s",
                                    measuredNanos / 1e9,
                                    settings.seconds(),
                                    completed * 1e9 / Math.max(1, measuredNanos),
                                    failed == 0 ? "" : ", " + failed + " failed"));
        }

        @Override
        public void measuringEnds() {
            // Where a reading takes longer than the measured time, the second must still be the later one.
            end = begin.thenApplyAsync(_ -> ReplicaMeters.readAll(processes));
            clientEnd = ownCpu();
        }

        private CompletableFuture<List<ReplicaMeters>> read() {
            return CompletableFuture.supplyAsync(() -> ReplicaMeters.readAll(processes));
        }

        private static Duration ownCpu() {
            return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        }

        List<ReplicaMeters> begin() {
            return get(begin);
        }

        List<ReplicaMeters> end() {
            return get(end);
        }

        private static List<ReplicaMeters> get(CompletableFuture<List<ReplicaMeters>> meters) {
            try {
                return meters.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof CommandException known ? known : e;
            }
        }

        double clientCpuSeconds() {
            return clientEnd.minus(clientBegin).toNanos() / 1e9;
        }
    }
}
