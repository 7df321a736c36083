package io.atlassmr.kv.parts;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Walks a map, which may change between two moves. */
final class MapCursor implements EntryCursor {

    private final NavigableMap<byte[], byte[]> entries;
    private Map.Entry<byte[], byte[]> current;
    private int entriesRead;

    MapCursor(NavigableMap<byte[], byte[]> entries) {
        this.entries = entries;
    }

    static NavigableMap<byte[], byte[]> newMap() {
        return new TreeMap<>(Arrays::compareUnsigned);
    }

    /** How many entries it has stood on. */
    int entriesRead() {
        return entriesRead;
    }

    @Override
    public void seek(byte[] key) {
        moveTo(entries.ceilingEntry(key));
    }

    @Override
    public void next() {
        moveTo(entries.higherEntry(current.getKey()));
    }

    private void moveTo(Map.Entry<byte[], byte[]> entry) {
        current = entry;
        entriesRead += entry == null ? 0 : 1;
    }

    @Override
    public boolean isValid() {
        return current != null;
    }

    @Override
    public byte[] key() {
        return current.getKey();
    }

    @Override
    public byte[] value() {
        return current.getValue();
    }

    @Override
    public int copyValue(byte[] target, int offset) {
        System.arraycopy(value(), 0, target, offset, Math.min(value().length, target.length - offset));
        return value().length;
    }

    @Override
    public void close() {}
}
