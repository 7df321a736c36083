package io.atlassmr.kv;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Entries in the Java heap, gone with the process. */
public final class InMemoryKvState implements KvState {

    private TreeMap<Bytes, Bytes> entries = new TreeMap<>();

    @Override
    public Optional<Bytes> get(Bytes key) {
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public void put(Bytes key, Bytes value) {
        entries.put(key, value);
    }

    @Override
    public boolean delete(Bytes key) {
        return entries.remove(key) != null;
    }

    @Override
    public Cursor cursorAt(Bytes startKey) {
        return new MapCursor(entries.tailMap(startKey, true).entrySet().iterator());
    }

    @Override
    public Replacement beginReplacement() {
        return new MapReplacement();
    }

    @Override
    public void close() {
        entries = new TreeMap<>();
    }

    private static final class MapCursor implements Cursor {

        private final Iterator<Map.Entry<Bytes, Bytes>> iterator;
        private Map.Entry<Bytes, Bytes> current;

        MapCursor(Iterator<Map.Entry<Bytes, Bytes>> iterator) {
            this.iterator = iterator;
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

    private final class MapReplacement implements Replacement {

        private final TreeMap<Bytes, Bytes> gathered = new TreeMap<>();

        @Override
        public void put(Bytes key, Bytes value) {
            gathered.put(key, value);
        }

        @Override
        public void commit() {
            entries = gathered;
        }

        @Override
        public void close() {}
    }
}
