package io.atlassmr.kv;

import io.atlassmr.api.Change;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.api.ReplicatedState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pcollections.TreePMap;

/**
 * Entries in the Java heap, gone with the process, in a persistent map: a write makes a new one that shares all but a
 * path with the one before, so a capture is a reference. Moves as one stream, a {@link KvSnapshot}.
 */
public final class InMemoryKvState implements KvState, MonolithicState {

    private TreePMap<Bytes, Bytes> entries = TreePMap.empty();

    @Override
    public Optional<Bytes> get(Bytes key) {
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public void put(Bytes key, Bytes value) {
        entries = entries.plus(key, value);
    }

    @Override
    public boolean delete(Bytes key) {
        TreePMap<Bytes, Bytes> remaining = entries.minus(key);
        boolean wasThere = remaining.size() < entries.size();
        entries = remaining;
        return wasThere;
    }

    @Override
    public Cursor cursorAt(Bytes startKey) {
        return new MapCursor(entries.tailMap(startKey, true));
    }

    @Override
    public void apply(List<Change> changes) {
        TreePMap<Bytes, Bytes> changed = entries;
        for (Change change : changes) {
            Bytes key = Bytes.wrap(change.key());
            changed = change.value() == null ? changed.minus(key) : changed.plus(key, Bytes.wrap(change.value()));
        }
        entries = changed;
    }

    @Override
    public Snapshot snapshot() {
        return new MapSnapshot(entries);
    }

    @Override
    public ReplicatedState replicatedState() {
        return this;
    }

    @Override
    public Image capture() {
        return new MapImage(entries);
    }

    @Override
    public void restore(InputStream input) throws IOException {
        TreeMap<Bytes, Bytes> restored = new TreeMap<>();
        KvSnapshot.read(input, restored::put);
        entries = TreePMap.fromSortedMap(restored);
    }

    @Override
    public void close() {
        entries = TreePMap.empty();
    }

    private static final class MapCursor implements Cursor {

        private final Iterator<Map.Entry<Bytes, Bytes>> iterator;
        private Map.Entry<Bytes, Bytes> current;

        MapCursor(TreePMap<Bytes, Bytes> entries) {
            this.iterator = entries.entrySet().iterator();
        }

        @Override
        public boolean advance() {
            if (!iterator.hasNext()) {
                return false;
            }
            current = iterator.next();
            return true;
        }

        @Override
        public Bytes key() {
            return current.getKey();
        }

        @Override
        public Bytes value() {
            return current.getValue();
        }

        @Override
        public void close() {}
    }

    private record MapSnapshot(TreePMap<Bytes, Bytes> entries) implements Snapshot {

        @Override
        public byte[] read(byte[] key) {
            Bytes value = entries.get(Bytes.wrap(key));
            return value == null ? null : value.unsafeArray();
        }

        @Override
        public void scan(byte[] from, byte[] to, Visitor visitor) {
            CursorScan.visit(new MapCursor(entries.tailMap(Bytes.wrap(from), true)), to, visitor);
        }

        @Override
        public void close() {}
    }

    private static final class MapImage implements Image {

        /** Null once closed. */
        private volatile TreePMap<Bytes, Bytes> entries;

        MapImage(TreePMap<Bytes, Bytes> entries) {
            this.entries = entries;
        }

        @Override
        public void writeTo(OutputStream output) throws IOException {
            TreePMap<Bytes, Bytes> captured = entries;
            if (captured == null) {
                throw new IllegalStateException("the image is closed");
            }
            KvSnapshot.write(new MapCursor(captured), output);
        }

        @Override
        public void close() {
            entries = null;
        }
    }
}
