package io.atlassmr.bench;

import io.atlassmr.client.AtlasClient;
import java.util.concurrent.CompletableFuture;

/** One client's view of the service under load. */
public interface LoadTarget extends AutoCloseable {

    /** Starts an operation that is ordered; never blocks. */
    CompletableFuture<byte[]> executeOrdered(byte[] operation);

    /** Starts a read that is not ordered; never blocks. */
    CompletableFuture<byte[]> executeUnordered(byte[] operation);

    @Override
    void close();

    /** A cluster, through this client, which is closed with the target. */
    static LoadTarget of(AtlasClient client) {
        return new LoadTarget() {
            @Override
            public CompletableFuture<byte[]> executeOrdered(byte[] operation) {
                return client.executeOrdered(operation);
            }

            @Override
            public CompletableFuture<byte[]> executeUnordered(byte[] operation) {
                return client.executeUnordered(operation);
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }
}
