package io.atlassmr.cli.bench;

import io.atlassmr.bench.Operations;
import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvOperation;

/** Puts and gets of values of one size on a fixed number of keys, made beforehand. */
final class KvOperations implements Operations {

    private static final int KEYS = 1024;

    private final byte[][] puts = new byte[KEYS][];
    private final byte[][] gets = new byte[KEYS][];

    private KvOperations(int valueBytes) {
        Bytes value = Bytes.copyOf(new byte[valueBytes]);
        for (int i = 0; i < KEYS; i++) {
            Bytes key = Bytes.ofUtf8("bench/" + i);
            puts[i] = KvCodec.encodeOperation(new KvOperation.Put(key, value));
            gets[i] = KvCodec.encodeOperation(new KvOperation.Get(key));
        }
    }

    /** Operations with values of this size; with 0, operations of no bytes, which the store answers with none. */
    static Operations ofPayload(int payloadBytes) {
        return payloadBytes == 0 ? Operations.ofSize(0) : new KvOperations(payloadBytes);
    }

    @Override
    public byte[] next(long index, boolean read) {
        int key = (int) (index % KEYS);
        return read ? gets[key] : puts[key];
    }
}
