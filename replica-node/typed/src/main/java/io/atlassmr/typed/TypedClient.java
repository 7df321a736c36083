package io.atlassmr.typed;

import io.atlassmr.client.AtlasClient;
import java.util.concurrent.CompletionStage;

/** A client of a {@link TypedApplication}: records in, records out. Does not close the client it is made of. Thread-safe. */
public final class TypedClient {

    private final AtlasClient client;
    private final Codec codec;

    /** A client of an application with {@link CborCodec}. */
    public TypedClient(AtlasClient client) {
        this(client, new CborCodec());
    }

    /** @param codec the application's */
    public TypedClient(AtlasClient client, Codec codec) {
        this.client = client;
        this.codec = codec;
    }

    /** Has an operation executed in the total order; fails as {@link AtlasClient#executeOrdered} does. */
    public <R> CompletionStage<R> ordered(Object request, Class<R> reply) {
        return client.executeOrdered(Operations.encode(request, codec)).thenApply(bytes -> codec.decode(bytes, reply));
    }

    /** Has a read answered without ordering it; fails as {@link AtlasClient#executeUnordered} does. */
    public <R> CompletionStage<R> unordered(Object request, Class<R> reply) {
        return client.executeUnordered(Operations.encode(request, codec))
                .thenApply(bytes -> codec.decode(bytes, reply));
    }

    /** The bytes of a request, for another way to send it. */
    public static byte[] encode(Object request, Codec codec) {
        return Operations.encode(request, codec);
    }
}
