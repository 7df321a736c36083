package io.atlassmr.server.gateway;

import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.client.ClientRuntime;
import io.atlassmr.client.transport.TlsClientTransport;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.kv.KvLimits;
import io.atlassmr.server.config.AtlasConfig;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.Problem.Kind;
import io.atlassmr.server.problem.ProblemException;
import io.atlassmr.transport.Transport;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * A client of the cluster in the process of a replica, for HTTP resources, those of an application's author among them. It asks
 * all replicas, as any client does, so that its answers do not depend on the replica it lives in; but whoever asks it believes this
 * one process. Opened on first use. Thread-safe.
 */
@Singleton
public final class ClusterClient {

    private static final int OPERATION_OVERHEAD_BYTES = 64;
    private static final int MAX_OPERATION_BYTES =
            2 * KvLimits.MAX_VALUE_BYTES + KvLimits.MAX_KEY_BYTES + OPERATION_OVERHEAD_BYTES;
    private static final int MAX_QUEUED = 4096;

    private final ReplicaSettings settings;
    private final AtlasConfig config;
    private ClientRuntime runtime;
    private AtlasClient client;
    private boolean closed;

    @Inject
    ClusterClient(ReplicaSettings settings, AtlasConfig config) {
        this.settings = settings;
        this.config = config;
    }

    /**
     * The client, which is not to be closed.
     *
     * @throws ProblemException if the process is stopping
     */
    public synchronized AtlasClient get() {
        if (closed) {
            throw new ProblemException(Problem.of(Kind.UNAVAILABLE, "this replica is stopping", false));
        }
        if (client == null) {
            runtime = ClientRuntime.start(new Ed25519Verifier());
            Transport transport =
                    Transport.create("gateway", settings.network().transport(), settings.gatewayIdentity());
            client = AtlasClient.open(
                    settings.cluster(),
                    settings.gatewayIdentity(),
                    new TlsClientTransport(settings.cluster(), transport),
                    runtime,
                    options());
        }
        return client;
    }

    private ClientOptions options() {
        ClientOptions defaults = ClientOptions.defaults();
        return new ClientOptions(
                ClientOptions.MAX_OUTSTANDING,
                MAX_QUEUED,
                2 * defaults.maxBufferedBytes(),
                MAX_OPERATION_BYTES,
                defaults.maxBundleRequests(),
                defaults.maxBundleBytes(),
                Duration.ZERO,
                Duration.ofMillis(config.gateway().requestTimeoutMillis()),
                defaults.retryTimeout(),
                defaults.maxBackoff(),
                defaults.unorderedTimeout());
    }

    void onStop(@Observes ShutdownEvent event) {
        AtlasClient open;
        ClientRuntime threads;
        synchronized (this) {
            closed = true;
            open = client;
            threads = runtime;
        }
        if (open != null) {
            open.close();
            threads.close();
        }
    }
}
