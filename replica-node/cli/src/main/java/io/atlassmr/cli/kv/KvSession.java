package io.atlassmr.cli.kv;

import io.atlassmr.cli.CommandException;
import io.atlassmr.client.ApplicationException;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.AtlasClientException;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.client.ClientRuntime;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.transport.TlsClientTransport;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import io.atlassmr.transport.Transport;
import io.atlassmr.transport.configuration.TransportConfiguration;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One client of a cluster's key-value store, for one operation after the other. Its identity is its own, so that commands may
 * run side by side: an identity belongs to one client at a time.
 */
public final class KvSession implements AutoCloseable {

    private static final int MAX_OPERATION_BYTES = 2 << 20;

    private final ClientRuntime runtime;
    private final AtlasClient client;

    /** @param timeout how long an operation may take */
    public KvSession(ClusterDescription cluster, Duration timeout) {
        Ed25519Identity identity = Ed25519Identity.generate();
        TransportConfiguration transport = TransportConfiguration.DEFAULT.withThreads(1);
        ClientOptions defaults = ClientOptions.defaults();
        this.runtime = ClientRuntime.start(new Ed25519Verifier(), 1);
        this.client = AtlasClient.open(
                cluster,
                identity,
                new TlsClientTransport(cluster, Transport.create("client", transport, identity)),
                runtime,
                defaults.withMaxOperationBytes(MAX_OPERATION_BYTES)
                        .withTimeouts(
                                timeout, defaults.retryTimeout(), defaults.maxBackoff(), defaults.unorderedTimeout()));
    }

    /**
     * Executes the operation: ordered if it may change something, else as a read that a quorum agrees on.
     *
     * @throws CommandException if there is no answer that can be believed, or the store refuses the operation
     */
    public KvResult execute(KvOperation operation) {
        byte[] bytes = KvCodec.encodeOperation(operation);
        CompletableFuture<byte[]> future =
                operation.isReadOnly() ? client.executeUnordered(bytes) : client.executeOrdered(bytes);
        try {
            return KvCodec.decodeResult(future.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ApplicationException refused) {
                throw new CommandException("the store refuses the operation: " + refused.getMessage(), refused);
            }
            if (e.getCause() instanceof AtlasClientException known) {
                throw new CommandException(
                        known.getMessage() + "; ./atlas status shows which replicas run and are ready", known);
            }
            throw new IllegalStateException("the client failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while waiting for the cluster's answer", e);
        }
    }

    @Override
    public void close() {
        client.close();
        runtime.close();
    }
}
