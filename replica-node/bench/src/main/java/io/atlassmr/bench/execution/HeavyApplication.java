package io.atlassmr.bench.execution;

import io.atlassmr.api.CrudState;
import io.atlassmr.api.CrudView;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReadView;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.crypto.hash.Sha256;

/** Reads an entry, computes for a while, and writes the entry. The operation is the entry's key. */
record HeavyApplication(CrudState entries, int hashes) implements ScalableApplication {

    private static final byte[] NOTHING = new byte[32];

    @Override
    public byte[] executeOrdered(byte[] operation, OrderedContext context, CrudView view) {
        byte[] value = view.read(operation);
        byte[] digest = value == null ? NOTHING : value;
        for (int i = 0; i < hashes; i++) {
            digest = Sha256.of(digest).toByteArray();
        }
        view.put(operation, digest);
        return digest;
    }

    @Override
    public byte[] executeUnordered(byte[] operation, UnorderedContext context, ReadView view) {
        return view.read(operation);
    }
}
