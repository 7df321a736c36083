package io.atlassmr.simulation.client;

import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import io.atlassmr.simulation.scenario.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Draws operations on few keys, each write with a value of its own. */
final class OperationSource {

    private final Workload workload;
    private final int client;
    private final SplittableRandom random;
    private final Map<Bytes, Optional<Bytes>> seen = new HashMap<>();
    private int values;

    OperationSource(Workload workload, int client, SplittableRandom random) {
        this.workload = workload;
        this.client = client;
        this.random = random;
    }

    KvOperation next() {
        Bytes key = key(random.nextInt(workload.keys()));
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> put(key);
            case 3, 4, 5, 6 -> new KvOperation.Get(key);
            case 7 -> new KvOperation.Delete(key);
            case 8 -> new KvOperation.CompareAndSet(key, seen.getOrDefault(key, Optional.empty()), newValue());
            default -> new KvOperation.Scan(Bytes.EMPTY, Optional.empty(), workload.keys() + 1);
        };
    }

    /** What a client asks at the end: what is there, and whether it can still be changed. */
    List<KvOperation> last() {
        List<KvOperation> operations = new ArrayList<>();
        for (int i = 0; i < workload.keys(); i++) {
            operations.add(new KvOperation.Get(key(i)));
        }
        operations.add(put(key(random.nextInt(workload.keys()))));
        operations.add(new KvOperation.Get(key(random.nextInt(workload.keys()))));
        return operations;
    }

    /** A write like this one that can be told from it. */
    KvOperation another(KvOperation write) {
        return write instanceof KvOperation.OnKey onKey ? put(onKey.key()) : write;
    }

    void observe(KvOperation operation, KvResult result) {
        switch (operation) {
            case KvOperation.Put(Bytes key, Bytes value) -> seen.put(key, Optional.of(value));
            case KvOperation.Delete(Bytes key) -> seen.put(key, Optional.empty());
            case KvOperation.Get(Bytes key) ->
                seen.put(key, result instanceof KvResult.Found(Bytes value) ? Optional.of(value) : Optional.empty());
            case KvOperation.CompareAndSet(Bytes key, Optional<Bytes> _, Bytes replacement) ->
                seen.put(
                        key,
                        result instanceof KvResult.NotSwapped(Optional<Bytes> actual)
                                ? actual
                                : Optional.of(replacement));
            case KvOperation.Scan _, KvOperation.Noop _ -> {}
        }
    }

    private KvOperation put(Bytes key) {
        return new KvOperation.Put(key, newValue());
    }

    private Bytes newValue() {
        String value = "c" + client + "-" + values++;
        return Bytes.ofUtf8(value + ".".repeat(Math.max(0, workload.valueBytes() - value.length())));
    }

    private static Bytes key(int index) {
        return Bytes.ofUtf8("k" + index);
    }
}
