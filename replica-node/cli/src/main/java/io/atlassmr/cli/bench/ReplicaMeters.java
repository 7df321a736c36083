package io.atlassmr.cli.bench;

import io.atlassmr.admin.answer.RecoveryProgress;
import io.atlassmr.admin.http.BoundedHttp;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.cluster.process.ReplicaProcesses;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a replica has used and done since it started.
 *
 * @param takenNanos when this was read, as {@link System#nanoTime}
 * @param cpuSeconds processor time of its process, user and system
 * @param networkBytes bytes sent to peers and clients
 * @param storageBytes bytes written to the log
 * @param syncs how often the log was forced to the device
 * @param stateBytes bytes of checkpoints received from peers
 * @param recoverySeconds how long it was in each step of recovery
 */
public record ReplicaMeters(
        int replica,
        long takenNanos,
        double cpuSeconds,
        double networkBytes,
        double storageBytes,
        double syncs,
        double stateBytes,
        Map<RecoveryProgress.Step, Double> recoverySeconds) {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int HTTP_OK = 200;

    /** Reads the meters of all replicas that run. */
    public static List<ReplicaMeters> readAll(ReplicaProcesses processes) {
        List<ReplicaMeters> all = new ArrayList<>();
        try (HttpClient http = BoundedHttp.client(TIMEOUT).build()) {
            for (Member member : processes.directory().cluster().members()) {
                Optional<ProcessHandle> process = processes.process(member.id());
                if (process.isPresent()) {
                    all.add(read(http, member, process.get()));
                }
            }
        }
        return all;
    }

    /** Reads the meters of one replica, which runs. */
    public static ReplicaMeters readOne(ReplicaProcesses processes, int id) {
        ProcessHandle process =
                processes.process(id).orElseThrow(() -> new CommandException("replica " + id + " does not run"));
        try (HttpClient http = BoundedHttp.client(TIMEOUT).build()) {
            return read(http, processes.directory().member(id), process);
        }
    }

    private static ReplicaMeters read(HttpClient http, Member member, ProcessHandle process) {
        URI uri = URI.create("http://" + member.host() + ":" + member.managementPort() + "/q/metrics");
        try {
            PrometheusText metrics = new PrometheusText(get(http, uri));
            return new ReplicaMeters(
                    member.id(),
                    System.nanoTime(),
                    process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9,
                    metrics.sum("atlas_network_bytes_total", "direction=\"out\""),
                    metrics.sum("atlas_storage_bytes_total", ""),
                    metrics.sum("atlas_storage_syncs_total", ""),
                    metrics.sum("atlas_state_transfer_received_bytes_total", ""),
                    recoverySeconds(metrics));
        } catch (IOException e) {
            throw new CommandException(
                    "cannot read the metrics of replica " + member.id() + " at " + uri + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while reading metrics", e);
        }
    }

    private static String get(HttpClient http, URI uri) throws IOException, InterruptedException {
        HttpResponse<String> response =
                BoundedHttp.ask(http, HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString(), TIMEOUT);
        if (response.statusCode() != HTTP_OK) {
            throw new IOException("HTTP status " + response.statusCode());
        }
        return response.body();
    }

    private static Map<RecoveryProgress.Step, Double> recoverySeconds(PrometheusText metrics) {
        Map<RecoveryProgress.Step, Double> seconds = new EnumMap<>(RecoveryProgress.Step.class);
        for (RecoveryProgress.Step step : RecoveryProgress.Step.values()) {
            String label = "step=\"" + step.name().toLowerCase(Locale.ROOT) + "\"";
            seconds.put(step, metrics.sum("atlas_recovery_seconds_total", label));
        }
        return seconds;
    }
}
