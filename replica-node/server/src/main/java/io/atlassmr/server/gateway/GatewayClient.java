package io.atlassmr.server.gateway;

import io.atlassmr.api.Application;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.client.ClientRuntime;
import io.atlassmr.client.TlsClientTransport;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.kv.KvApplication;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvFormatException;
import io.atlassmr.kv.KvLimits;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
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
import java.util.concurrent.CompletionStage;

/**
 * The gateway's own client of the cluster. It asks all replicas, as any client does, so that its answers do not depend on the
 * replica it lives in. Opened on first use. Thread-safe.
 */
@Singleton
public final class GatewayClient {

    private static final int OPERATION_OVERHEAD_BYTES = 64;
    private static final int MAX_OPERATION_BYTES =
            2 * KvLimits.MAX_VALUE_BYTES + KvLimits.MAX_KEY_BYTES + OPERATION_OVERHEAD_BYTES;
    private static final int MAX_QUEUED = 4096;

    private final ReplicaSettings settings;
    private final AtlasConfig config;
    private final Application application;
    private ClientRuntime runtime;
    private AtlasClient client;
    private boolean closed;

    @Inject
    GatewayClient(ReplicaSettings settings, AtlasConfig config, Application application) {
        this.settings = settings;
        this.config = config;
        this.application = application;
    }

    /** Has the operation executed; reads without ordering them. Fails with what {@link AtlasClient} fails with. */
    CompletionStage<KvResult> execute(KvOperation operation) {
        AtlasClient open = open();
        byte[] encoded = KvCodec.encodeOperation(operation);
        return (operation.isReadOnly() ? open.executeUnordered(encoded) : open.executeOrdered(encoded))
                .thenApply(GatewayClient::decode);
    }

    private static KvResult decode(byte[] result) {
        try {
            return KvCodec.decodeResult(result);
        } catch (KvFormatException e) {
            throw new ProblemException(Problem.of(Kind.OTHER_APPLICATION, e.getMessage()));
        }
    }

    private synchronized AtlasClient open() {
        if (closed) {
            throw new ProblemException(Problem.of(Kind.UNAVAILABLE, "this replica is stopping", false));
        }
        if (!(application instanceof KvApplication)) {
            throw new ProblemException(
                    Problem.of(Kind.NOT_HERE, "this cluster runs another application than the key-value store"));
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
