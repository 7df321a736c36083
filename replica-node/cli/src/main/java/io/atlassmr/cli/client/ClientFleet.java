package io.atlassmr.cli.client;

import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.client.ClientRuntime;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.transport.TlsClientTransport;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.transport.NetworkThreads;
import io.atlassmr.transport.Transport;
import io.atlassmr.transport.configuration.TransportConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Many clients of one cluster, each with an identity and connections of its own, on a few threads that they share: load and
 * replicas have one machine between them here.
 */
public final class ClientFleet implements AutoCloseable {

    // Replicas bound how many connections at once have not proven who they are.
    private static final int CONNECTING_AT_ONCE = 64;
    private static final long POLL_MILLIS = 5;

    private final ClusterDescription cluster;
    private final ClientRuntime runtime;
    private final TransportConfiguration configuration;
    private final NetworkThreads threads;
    private final List<AtlasClient> clients = new ArrayList<>();

    /**
     * @param computeThreads how many threads sign, verify and run continuations, for all clients together
     * @param networkThreads how many threads move bytes, for all clients together
     */
    public ClientFleet(ClusterDescription cluster, int computeThreads, int networkThreads) {
        this.cluster = cluster;
        this.configuration = TransportConfiguration.DEFAULT.withThreads(networkThreads);
        this.runtime = ClientRuntime.start(new Ed25519Verifier(), computeThreads);
        this.threads = NetworkThreads.start("clients", configuration);
    }

    /**
     * Opens so many clients more and waits until each has a connection to a majority that can answer it, or the time is over:
     * who is not connected then goes on trying.
     */
    public List<AtlasClient> open(int count, ClientOptions options, long timeoutMillis) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        List<AtlasClient> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Ed25519Identity identity = Ed25519Identity.generate();
            Transport transport = Transport.create("client", configuration, identity, threads);
            AtlasClient client =
                    AtlasClient.open(cluster, identity, new TlsClientTransport(cluster, transport), runtime, options);
            opened.add(client);
            clients.add(client);
            if (opened.size() % CONNECTING_AT_ONCE == 0 || opened.size() == count) {
                awaitConnected(opened, deadlineNanos);
            }
        }
        return opened;
    }

    private void awaitConnected(List<AtlasClient> opened, long deadlineNanos) throws InterruptedException {
        int members = cluster.members().size();
        while (System.nanoTime() - deadlineNanos < 0
                && !opened.stream().allMatch(client -> client.connectedReplicas() == members)) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    @Override
    public void close() {
        clients.forEach(AtlasClient::close);
        threads.close();
        runtime.close();
    }
}
