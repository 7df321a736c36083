package io.atlassmr.server.gateway;

import io.atlassmr.api.Application;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.kv.KvApplication;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvFormatException;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.Problem.Kind;
import io.atlassmr.server.problem.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;

/** Operations of the key-value store, if that is what the cluster runs. Thread-safe. */
@Singleton
public final class GatewayClient {

    private final ClusterClient cluster;
    private final Application application;

    @Inject
    GatewayClient(ClusterClient cluster, Application application) {
        this.cluster = cluster;
        this.application = application;
    }

    /** Has the operation executed; reads without ordering them. Fails with what {@link AtlasClient} fails with. */
    CompletionStage<KvResult> execute(KvOperation operation) {
        if (!(application instanceof KvApplication)) {
            throw new ProblemException(
                    Problem.of(Kind.NOT_HERE, "this cluster runs another application than the key-value store"));
        }
        AtlasClient client = cluster.get();
        byte[] encoded = KvCodec.encodeOperation(operation);
        return (operation.isReadOnly() ? client.executeUnordered(encoded) : client.executeOrdered(encoded))
                .thenApply(GatewayClient::decode);
    }

    private static KvResult decode(byte[] result) {
        try {
            return KvCodec.decodeResult(result);
        } catch (KvFormatException e) {
            throw new ProblemException(Problem.of(Kind.OTHER_APPLICATION, e.getMessage()));
        }
    }
}
