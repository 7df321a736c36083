package io.atlassmr.cli.bench;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;

/**
 * What a benchmark measured, warm-up left out.
 *
 * @param boundToCores whether each replica ran on one processor core
 * @param completed operations that ended well
 * @param errors how many failed, by kind
 * @param notStarted operations of a fixed rate that were due and found no room: their latency is not in the percentiles
 * @param cpuSeconds processor seconds of each replica, in order of id
 * @param clientCpuSeconds processor seconds of this process, which makes the load
 * @param networkBytesPerRequest bytes that all replicas together sent, for each completed operation
 * @param storageBytesPerRequest bytes that all replicas together wrote to their logs, for each completed operation
 * @param syncsPerRequest how often all replicas together forced their logs to disk, for each completed operation
 * @param diskUse what the replicas kept on disk while it measured, in order of time
 */
@JsonPropertyOrder({
    "replicas",
    "f",
    "durability",
    "clients",
    "outstanding",
    "payloadBytes",
    "readPercent",
    "ratePerSecond",
    "seconds",
    "boundToCores",
    "completed",
    "throughputPerSecond",
    "p50Millis",
    "p90Millis",
    "p99Millis",
    "maxMillis",
    "errors",
    "notStarted",
    "cpuSeconds",
    "clientCpuSeconds",
    "networkBytesPerRequest",
    "storageBytesPerRequest",
    "syncsPerRequest",
    "diskUse"
})
public record BenchReport(
        int replicas,
        int f,
        String durability,
        int clients,
        int outstanding,
        int payloadBytes,
        int readPercent,
        long ratePerSecond,
        int seconds,
        boolean boundToCores,
        long completed,
        double throughputPerSecond,
        double p50Millis,
        double p90Millis,
        double p99Millis,
        double maxMillis,
        Map<String, Long> errors,
        long notStarted,
        List<Double> cpuSeconds,
        double clientCpuSeconds,
        double networkBytesPerRequest,
        double storageBytesPerRequest,
        double syncsPerRequest,
        List<DiskSample> diskUse) {}
