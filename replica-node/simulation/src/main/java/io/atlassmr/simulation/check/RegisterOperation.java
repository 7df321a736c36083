package io.atlassmr.simulation.check;

import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvEntry;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an operation of a history means for one key, a register that holds a value or nothing.
 *
 * @param invokedAt when it began
 * @param endedAt when it ended, {@link Long#MAX_VALUE} if its outcome is unknown
 * @param operation what it does to the key
 * @param result what its client was told, null if its outcome is unknown
 */
record RegisterOperation(long invokedAt, long endedAt, KvOperation.OnKey operation, KvResult result) {

    /** What follows from an operation on a register that holds {@code value}. */
    record Step(Bytes value, KvResult result) {}

    Step applyTo(Bytes value) {
        return switch (operation) {
            case KvOperation.Put put -> new Step(put.value(), new KvResult.Stored());
            case KvOperation.Get _ ->
                new Step(value, value == null ? new KvResult.NotFound() : new KvResult.Found(value));
            case KvOperation.Delete _ -> new Step(null, new KvResult.Deleted(value != null));
            case KvOperation.CompareAndSet cas ->
                Objects.equals(cas.expected().orElse(null), value)
                        ? new Step(cas.replacement(), new KvResult.Swapped())
                        : new Step(value, new KvResult.NotSwapped(Optional.ofNullable(value)));
        };
    }

    /** The operations on each key. A scan reads each key; that it reads them at one moment is not held against it. */
    static Map<Bytes, List<RegisterOperation>> byKey(History history) {
        Map<Bytes, List<RegisterOperation>> byKey = new TreeMap<>();
        for (History.Entry entry : history.entries()) {
            if (entry.operation() instanceof KvOperation.OnKey operation) {
                byKey.computeIfAbsent(operation.key(), _ -> new ArrayList<>());
            }
        }
        for (History.Entry entry : history.entries()) {
            boolean readOfNothing = entry.result() == null && entry.operation().isReadOnly();
            if (entry.outcome() == History.Outcome.NOT_EXECUTED || readOfNothing) {
                continue;
            }
            switch (entry.operation()) {
                case KvOperation.OnKey operation ->
                    byKey.get(operation.key())
                            .add(new RegisterOperation(entry.invokedAt(), entry.endedAt(), operation, entry.result()));
                case KvOperation.Scan _ -> {
                    KvResult.Page page = (KvResult.Page) entry.result();
                    byKey.forEach((key, operations) -> operations.add(new RegisterOperation(
                            entry.invokedAt(), entry.endedAt(), new KvOperation.Get(key), read(key, page))));
                }
                case KvOperation.Noop _ -> {}
            }
        }
        return byKey;
    }

    private static KvResult read(Bytes key, KvResult.Page page) {
        for (KvEntry entry : page.entries()) {
            if (entry.key().equals(key)) {
                return new KvResult.Found(entry.value());
            }
        }
        return new KvResult.NotFound();
    }
}
