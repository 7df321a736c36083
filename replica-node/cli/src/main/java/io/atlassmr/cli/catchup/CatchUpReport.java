package io.atlassmr.cli.catchup;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;

/**
 * What a replica's way back took.
 *
 * @param ok whether it came back both times and all replicas had the same state in the end
 * @param stateBytes keys and values together
 * @param state where replicas keep the entries: {@code rocksdb} moves in parts, {@code memory} as one stream
 * @param full the way back with an empty disk
 * @param rawCopy the same bytes over one TLS connection
 * @param ratioToRawCopy {@code full.stateSeconds} over {@code rawCopy.underLoadSeconds}
 * @param throughput of the cluster; null if there was no load
 * @param delta the way back with a disk that misses a hundredth
 * @param goals which goals were met
 */
@JsonPropertyOrder({
    "ok",
    "stateBytes",
    "keys",
    "state",
    "replicas",
    "f",
    "durability",
    "clients",
    "outstanding",
    "ratePerSecond",
    "full",
    "rawCopy",
    "ratioToRawCopy",
    "ratioToRawCopyAtRest",
    "throughput",
    "delta",
    "goals"
})
public record CatchUpReport(
        boolean ok,
        long stateBytes,
        int keys,
        String state,
        int replicas,
        int f,
        String durability,
        int clients,
        int outstanding,
        long ratePerSecond,
        Way full,
        RawCopyTimes rawCopy,
        double ratioToRawCopy,
        double ratioToRawCopyAtRest,
        Throughput throughput,
        Delta delta,
        Goals goals) {

    /**
     * A way back.
     *
     * @param seconds from the start of the process until it voted again
     * @param stateSeconds how long of it the state was asked for, fetched and put in place
     * @param transferredBytes bytes of state that peers gave, proofs included
     * @param megabytesPerSecond {@code transferredBytes} over {@code stateSeconds}, in 10^6 bytes
     * @param stepMillis how long it was seen in each step
     */
    @JsonPropertyOrder({"seconds", "stateSeconds", "transferredBytes", "megabytesPerSecond", "stepMillis"})
    public record Way(
            double seconds,
            double stateSeconds,
            long transferredBytes,
            double megabytesPerSecond,
            Map<String, Long> stepMillis) {

        public Way {
            stepMillis = Map.copyOf(stepMillis);
        }
    }

    /**
     * Seconds that a raw copy of as many bytes takes, from file to file.
     *
     * @param atRestSeconds before the cluster runs
     * @param underLoadSeconds beside the cluster and its load, if it has one, as the transfer is
     */
    @JsonPropertyOrder({"atRestSeconds", "underLoadSeconds"})
    public record RawCopyTimes(double atRestSeconds, double underLoadSeconds) {}

    /**
     * Operations per second.
     *
     * @param beforePerSecond with all replicas
     * @param duringPerSecond while the wiped one was on its way back
     * @param kept the latter over the former
     */
    @JsonPropertyOrder({"beforePerSecond", "duringPerSecond", "kept"})
    public record Throughput(double beforePerSecond, double duringPerSecond, double kept) {}

    /**
     * The second way back.
     *
     * @param changedKeys keys that changed meanwhile
     * @param shareOfFull its transferred bytes over those of the full one
     */
    @JsonPropertyOrder({"changedKeys", "way", "shareOfFull"})
    public record Delta(int changedKeys, Way way, double shareOfFull) {}

    /**
     * Which goals were met.
     *
     * @param rawCopy at most 2 raw copies
     * @param throughput at least 70 % of the throughput; null if there was no load
     * @param delta at most 5 % of the bytes
     */
    @JsonPropertyOrder({"rawCopy", "throughput", "delta"})
    public record Goals(boolean rawCopy, Boolean throughput, boolean delta) {

        static final double MOST_RAW_COPIES = 2;
        static final double LEAST_KEPT = 0.7;
        static final double MOST_OF_FULL = 0.05;

        static Goals of(double ratioToRawCopy, Throughput throughput, Delta delta) {
            return new Goals(
                    ratioToRawCopy <= MOST_RAW_COPIES,
                    throughput == null ? null : throughput.kept() >= LEAST_KEPT,
                    delta.shareOfFull() <= MOST_OF_FULL);
        }
    }
}
