package io.atlassmr.kv;

import io.atlassmr.api.CrudState;
import io.atlassmr.api.CrudView;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReadView;
import io.atlassmr.api.ScalableApplication;
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
public final class KvApplication implements ScalableApplication, AutoCloseable {

    private static final byte[] NOTHING = {};

    private final CrudState entries;

    /**
     * @param entries where entries live; owned by the application from now on
     */
    public KvApplication(CrudState entries) {
        this.entries = entries;
    }

    @Override
    public byte[] executeOrdered(byte[] operation, OrderedContext context) {
        // Not worth a view.
        return operation.length == 0 ? NOTHING : ScalableApplication.super.executeOrdered(operation, context);
    }

    @Override
    public byte[] executeOrdered(byte[] operation, OrderedContext context, CrudView view) {
        return KvCodec.encodeResult(
                switch (KvCodec.decodeOperation(operation)) {
                    case KvOperation.Put(Bytes key, Bytes value) -> {
                        view.put(key.unsafeArray(), value.unsafeArray());
                        yield new KvResult.Stored();
                    }
                    case KvOperation.Delete(Bytes key) -> new KvResult.Deleted(view.delete(key.unsafeArray()));
                    case KvOperation.CompareAndSet compareAndSet -> compareAndSet(compareAndSet, view);
                    case KvOperation.ReadOnly read -> read(read, view);
                });
    }

    @Override
    public byte[] executeUnordered(byte[] operation, UnorderedContext context, ReadView view) {
        return switch (KvCodec.decodeOperation(operation)) {
            case KvOperation.ReadOnly read -> KvCodec.encodeResult(read(read, view));
            case KvOperation write ->
                throw new IllegalArgumentException("a " + write.getClass().getSimpleName()
                        + " changes the state and must be sent as an ordered request");
        };
    }

    @Override
    public CrudState entries() {
        return entries;
    }

    @Override
    public void close() {
        entries.close();
    }

    private static KvResult read(KvOperation.ReadOnly operation, ReadView view) {
        return switch (operation) {
            case KvOperation.Noop _ -> new KvResult.Nothing();
            case KvOperation.Get(Bytes key) -> {
                byte[] value = view.read(key.unsafeArray());
                yield value == null ? new KvResult.NotFound() : new KvResult.Found(Bytes.wrap(value));
            }
            case KvOperation.Scan scan -> new PageScan(scan).over(view);
        };
    }

    private static KvResult compareAndSet(KvOperation.CompareAndSet operation, CrudView view) {
        Optional<Bytes> actual =
                Optional.ofNullable(view.read(operation.key().unsafeArray())).map(Bytes::wrap);
        if (!actual.equals(operation.expected())) {
            return new KvResult.NotSwapped(actual);
        }
        view.put(operation.key().unsafeArray(), operation.replacement().unsafeArray());
        return new KvResult.Swapped();
    }

    /** Collects one page. */
    private static final class PageScan {

        private final KvOperation.Scan operation;
        private final List<KvEntry> entries = new ArrayList<>();
        private Optional<Bytes> nextKey = Optional.empty();
        private int pageBytes;

        PageScan(KvOperation.Scan operation) {
            this.operation = operation;
        }

        KvResult.Page over(ReadView view) {
            byte[] end = operation.endKey().map(Bytes::unsafeArray).orElse(null);
            view.scan(operation.startKey().unsafeArray(), end, this::add);
            return new KvResult.Page(entries, nextKey);
        }

        private boolean add(byte[] key, byte[] value) {
            KvEntry entry = new KvEntry(Bytes.wrap(key), Bytes.wrap(value));
            boolean isFull = entries.size() == operation.limitEntries()
                    || (!entries.isEmpty() && pageBytes + entry.sizeBytes() > KvLimits.MAX_SCAN_BYTES);
            if (isFull) {
                nextKey = Optional.of(entry.key());
                return false;
            }
            pageBytes += entry.sizeBytes();
            entries.add(entry);
            return true;
        }
    }
}
