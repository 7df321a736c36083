package io.atlassmr.cli.catchup;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.client.ClientFleet;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.client.cluster.ClusterDescription;
import java.util.List;
import java.util.function.Consumer;

/** Fills a cluster with the entries of a state, by many clients of its own: how long that takes is not what is measured. */
public final class StateFill {

    private static final int CLIENTS = 50;
    private static final int WRITES_UNDER_WAY = 100;
    private static final int COMPUTE_THREADS = 2;
    private static final int NETWORK_THREADS = 1;
    private static final long CONNECT_MILLIS = 60_000;

    private StateFill() {}

    /**
     * Returns when all entries are acknowledged.
     *
     * @throws CommandException if the cluster stops acknowledging
     */
    public static void run(ClusterDescription cluster, StateData data, Consumer<String> progress)
            throws InterruptedException {
        try (ClientFleet fleet = new ClientFleet(cluster, COMPUTE_THREADS, NETWORK_THREADS)) {
            List<AtlasClient> writers =
                    fleet.open(CLIENTS, ClientOptions.defaults().withMaxOutstanding(WRITES_UNDER_WAY), CONNECT_MILLIS);
            BulkWrites.run(
                    writers,
                    WRITES_UNDER_WAY,
                    data.keys(),
                    index -> data.put(index, 0),
                    done -> progress.accept(String.format("filled %,d of %,d keys", done, data.keys())));
        }
    }
}
