package io.atlassmr.cli.command.bench;

import io.atlassmr.cli.catchup.CatchUpSettings;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.cluster.spec.Durability;
import io.atlassmr.cli.cluster.spec.ReplicaTuning.KvState;
import picocli.CommandLine.Option;

/** A cluster that is made for a measurement, the state that it is filled with, and the load on it. */
final class StateLoadOptions {

    @Option(
            names = "--state-size",
            paramLabel = "S",
            required = true,
            converter = ByteSize.Converter.class,
            description = "Keys and values together, like 64MiB or 1GiB.")
    private ByteSize stateSize;

    @Option(
            names = "--state",
            paramLabel = "WHERE",
            defaultValue = "rocksdb",
            description = "rocksdb, which moves in parts, or memory, which moves as one stream"
                    + " (default: ${DEFAULT-VALUE}).")
    private KvState state;

    @Option(
            names = "--value-bytes",
            paramLabel = "B",
            defaultValue = "1024",
            description = "Size of each value (default: ${DEFAULT-VALUE}).")
    private int valueBytes;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            defaultValue = "" + LocalCluster.DEFAULT_REPLICAS,
            description = "Size of the cluster (default: ${DEFAULT-VALUE}).")
    private int replicas;

    @Option(
            names = "--durability",
            paramLabel = "MODE",
            defaultValue = "strict",
            description = "strict, relaxed or none (default: ${DEFAULT-VALUE}).")
    private Durability durability;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "K",
            defaultValue = "1000",
            description = "Decisions between two checkpoints (default: ${DEFAULT-VALUE}).")
    private int checkpointInterval;

    @Option(
            names = "--clients",
            paramLabel = "C",
            defaultValue = "8",
            description = "Clients that put load on it, 0 for none (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--outstanding",
            paramLabel = "O",
            defaultValue = "16",
            description = "Operations that each has under way (default: ${DEFAULT-VALUE}).")
    private int outstanding;

    @Option(
            names = "--rate",
            paramLabel = "X",
            defaultValue = "0",
            description = "Operations begun per second; 0 for as many as find room (default: ${DEFAULT-VALUE}).")
    private long rate;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "How long to measure the throughput before (default: ${DEFAULT-VALUE}).")
    private int seconds;

    /** @throws io.atlassmr.cli.UsageException if one of them is out of its range */
    CatchUpSettings settings() {
        return new CatchUpSettings(
                stateSize.bytes(), valueBytes, state, clients, outstanding, rate, seconds, checkpointInterval);
    }

    int replicas() {
        return replicas;
    }

    Durability durability() {
        return durability;
    }
}
