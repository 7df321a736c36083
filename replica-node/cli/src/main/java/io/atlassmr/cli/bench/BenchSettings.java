package io.atlassmr.cli.bench;

import io.atlassmr.bench.LoadSettings;
import io.atlassmr.cli.UsageException;
import java.time.Duration;

/**
 * What to measure.
 *
 * @param clients number of clients, 1 to 10,000
 * @param outstanding most operations that each has under way, 1 to 512
 * @param payloadBytes size of the values that are put and read; 0 for operations without any bytes
 * @param readPercent share of operations that are unordered reads
 * @param warmUpSeconds how long to run before measuring
 * @param seconds how long to measure
 * @param ratePerSecond operations begun per second; 0 begins one whenever one ends
 * @param boundToCores whether each replica runs on one processor core
 */
public record BenchSettings(
        int clients,
        int outstanding,
        int payloadBytes,
        int readPercent,
        int warmUpSeconds,
        int seconds,
        long ratePerSecond,
        boolean boundToCores) {

    public BenchSettings {
        range("--clients", clients, 1, 10_000);
        range("--outstanding", outstanding, 1, 512);
        range("--payload-bytes", payloadBytes, 0, 1 << 20);
        range("--read-percent", readPercent, 0, 100);
        range("--warm-up-seconds", warmUpSeconds, 0, 3600);
        range("--seconds", seconds, 1, 86_400);
        range("--rate", ratePerSecond, 0, 10_000_000);
    }

    private static void range(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new UsageException(option + " is between " + least + " and " + most + ", got " + value);
        }
    }

    LoadSettings load() {
        return new LoadSettings(
                clients,
                outstanding,
                readPercent,
                Duration.ofSeconds(warmUpSeconds),
                Duration.ofSeconds(seconds),
                ratePerSecond);
    }
}
