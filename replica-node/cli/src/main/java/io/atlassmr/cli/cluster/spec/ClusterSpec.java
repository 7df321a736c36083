package io.atlassmr.cli.cluster.spec;

import io.atlassmr.cli.Installation;
import io.atlassmr.cli.UsageException;

/**
 * What cluster to make.
 *
 * @param replicas how many, {@value #MIN_REPLICAS} to {@value #MAX_REPLICAS}
 * @param basePort first port of replica 0, from {@value #MIN_PORT}
 * @param durability of every replica
 * @param application what replicas run
 */
public record ClusterSpec(int replicas, int basePort, Durability durability, String application) {

    /** Fewer cannot outvote a liar. */
    public static final int MIN_REPLICAS = 4;

    /** Most members of a cluster. */
    public static final int MAX_REPLICAS = 64;

    static final int MIN_PORT = 1024;
    private static final int MAX_PORT = 65_535;

    public ClusterSpec {
        requireReplicas(replicas);
        if (basePort < MIN_PORT || ReplicaPorts.last(basePort, replicas) > MAX_PORT) {
            throw new UsageException("--base-port is between " + MIN_PORT + " and "
                    + (MAX_PORT - ReplicaPorts.last(0, replicas)) + " for " + replicas + " replicas, got " + basePort);
        }
    }

    /** With the key-value store. */
    public ClusterSpec(int replicas, int basePort, Durability durability) {
        this(replicas, basePort, durability, Installation.KEY_VALUE);
    }

    /** How many of so many replicas may lie or fail. */
    public static int faults(int replicas) {
        return (replicas - 1) / 3;
    }

    /** How many of so many replicas have to agree. */
    public static int quorum(int replicas) {
        return (replicas + faults(replicas)) / 2 + 1;
    }

    /** @throws UsageException if no cluster may have so many replicas */
    public static void requireReplicas(int replicas) {
        if (replicas < MIN_REPLICAS || replicas > MAX_REPLICAS) {
            throw new UsageException("--replicas is between " + MIN_REPLICAS + " and " + MAX_REPLICAS + ", got "
                    + replicas + ": it takes 3f+1 replicas to stay right while f of them lie, so 4 for f=1, 7 for f=2");
        }
    }
}
