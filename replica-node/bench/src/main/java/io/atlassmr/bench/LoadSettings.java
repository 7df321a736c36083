package io.atlassmr.bench;

import java.time.Duration;

/**
 * What load to put on a service.
 *
 * @param clients number of clients, from 1
 * @param outstandingPerClient most operations each has under way, from 1
 * @param readPercent share of operations that are unordered reads, 0 to 100
 * @param warmUp how long to run before measuring
 * @param duration how long to measure
 * @param ratePerSecond operations started per second over all clients (open loop); 0 starts one whenever one ends (closed
 *     loop)
 */
public record LoadSettings(
        int clients,
        int outstandingPerClient,
        int readPercent,
        Duration warmUp,
        Duration duration,
        long ratePerSecond) {

    public LoadSettings {
        range("clients", clients, 1, 10_000);
        range("outstandingPerClient", outstandingPerClient, 1, 512);
        range("readPercent", readPercent, 0, 100);
        range("warmUp in ms", warmUp.toMillis(), 0, 86_400_000);
        range("duration in ms", duration.toMillis(), 1, 86_400_000);
        range("ratePerSecond", ratePerSecond, 0, 10_000_000);
    }

    private static void range(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is between " + least + " and " + most + ", got " + value);
        }
    }
}
