package io.atlassmr.kv;

import io.atlassmr.api.Application;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReplicatedState;
import io.atlassmr.api.UnorderedContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The key-value store that Atlas ships: {@link KvOperation} in, {@link KvResult} out, both as {@link KvCodec} writes them.
 *
 * <p>A malformed operation, one outside {@link KvLimits}, or a write sent unordered is refused with
 * {@link IllegalArgumentException} (the former two with {@link KvFormatException}), whose message depends on the operation alone; the state is then as before. Empty
 * operations have empty results.
 */
public final class KvApplication implements Application, AutoCloseable {

    private final KvState state;

    /**
     * @param state where entries live; owned by the application from now on
     */
    public KvApplication(KvState state) {
        this.state = state;
    }

    @Override
    public byte[] executeOrdered(byte[] operation, OrderedContext context) {
        return KvCodec.encodeResult(execute(KvCodec.decodeOperation(operation)));
    }

    @Override
    public byte[] executeUnordered(byte[] operation, UnorderedContext context) {
        KvOperation decoded = KvCodec.decodeOperation(operation);
        if (!decoded.isReadOnly()) {
            throw new IllegalArgumentException("a " + decoded.getClass().getSimpleName()
                    + " changes the state and must be sent as an ordered request");
        }
        return KvCodec.encodeResult(execute(decoded));
    }

    @Override
    public ReplicatedState state() {
        return state.replicatedState();
    }

    @Override
    public void close() {
        state.close();
    }

    private KvResult execute(KvOperation operation) {
        return switch (operation) {
            case KvOperation.Noop _ -> new KvResult.Nothing();
            case KvOperation.Put(Bytes key, Bytes value) -> {
                state.put(key, value);
                yield new KvResult.Stored();
            }
            case KvOperation.Get(Bytes key) -> {
                Optional<Bytes> value = state.get(key);
                yield value.isPresent() ? new KvResult.Found(value.get()) : new KvResult.NotFound();
            }
            case KvOperation.Delete(Bytes key) -> new KvResult.Deleted(state.delete(key));
            case KvOperation.CompareAndSet compareAndSet -> compareAndSet(compareAndSet);
            case KvOperation.Scan scan -> scan(scan);
        };
    }

    private KvResult compareAndSet(KvOperation.CompareAndSet operation) {
        Optional<Bytes> actual = state.get(operation.key());
        if (!actual.equals(operation.expected())) {
            return new KvResult.NotSwapped(actual);
        }
        state.put(operation.key(), operation.replacement());
        return new KvResult.Swapped();
    }

    private KvResult.Page scan(KvOperation.Scan operation) {
        List<KvEntry> entries = new ArrayList<>();
        int pageBytes = 0;
        try (KvState.Cursor cursor = state.cursorAt(operation.startKey())) {
            while (cursor.advance()) {
                Bytes key = cursor.key();
                if (operation
                        .endKey()
                        .filter(endKey -> key.compareTo(endKey) >= 0)
                        .isPresent()) {
                    break;
                }
                if (entries.size() == operation.limitEntries()) {
                    return new KvResult.Page(entries, Optional.of(key));
                }
                KvEntry entry = new KvEntry(key, cursor.value());
                if (!entries.isEmpty() && pageBytes + entry.sizeBytes() > KvLimits.MAX_SCAN_BYTES) {
                    return new KvResult.Page(entries, Optional.of(key));
                }
                pageBytes += entry.sizeBytes();
                entries.add(entry);
            }
        }
        return new KvResult.Page(entries, Optional.empty());
    }
}
