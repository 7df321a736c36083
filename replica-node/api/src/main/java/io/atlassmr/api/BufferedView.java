package io.atlassmr.api;

import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A view that keeps changes to itself, over entries that it only reads. Reads of what it changed do not reach those. */
public final class BufferedView implements CrudView {

    private final ReadView base;
    private final NavigableMap<byte[], Change> changes = new TreeMap<>(Arrays::compareUnsigned);

    /** @param base does not change while this is in use; what it hands out is copied before it is handed on */
    public BufferedView(ReadView base) {
        this.base = base;
    }

    /** What was changed, in ascending order of keys. */
    public List<Change> changes() {
        return List.copyOf(changes.values());
    }

    @Override
    public byte[] read(byte[] key) {
        byte[] value = peek(key);
        return value == null ? null : value.clone();
    }

    private byte[] peek(byte[] key) {
        checkKey(key);
        Change change = changes.isEmpty() ? null : changes.get(key);
        return change == null ? base.read(key) : change.value();
    }

    private void change(byte[] key, byte[] value) {
        byte[] copy = key.clone();
        changes.put(copy, new Change(copy, value == null ? null : value.clone()));
    }

    @Override
    public boolean create(byte[] key, byte[] value) {
        checkValue(value);
        boolean isNew = peek(key) == null;
        if (isNew) {
            change(key, value);
        }
        return isNew;
    }

    @Override
    public boolean update(byte[] key, byte[] value) {
        checkValue(value);
        boolean isThere = peek(key) != null;
        if (isThere) {
            change(key, value);
        }
        return isThere;
    }

    @Override
    public void put(byte[] key, byte[] value) {
        checkKey(key);
        checkValue(value);
        change(key, value);
    }

    @Override
    public boolean delete(byte[] key) {
        boolean isThere = peek(key) != null;
        if (isThere) {
            change(key, null);
        }
        return isThere;
    }

    @Override
    public void scan(byte[] from, byte[] to, Visitor visitor) {
        if (from.length > MAX_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a scan begins at a key of at most " + MAX_KEY_BYTES + " bytes, got " + from.length);
        }
        if (to != null && Arrays.compareUnsigned(from, to) >= 0) {
            return;
        }
        ReadView entries = base;
        if (!changes.isEmpty()) {
            // A copy, because the visitor may change entries.
            NavigableMap<byte[], Change> within =
                    to == null ? changes.tailMap(from, true) : changes.subMap(from, true, to, false);
            entries = new OverlayView(base, new TreeMap<>(within));
        }
        entries.scan(from, to, (key, value) -> visitor.visit(key.clone(), value.clone()));
    }

    private static void checkKey(byte[] key) {
        if (key.length < 1 || key.length > MAX_KEY_BYTES) {
            throw new IllegalArgumentException("a key has 1 to " + MAX_KEY_BYTES + " bytes, got " + key.length);
        }
    }

    private static void checkValue(byte[] value) {
        if (value.length > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException(
                    "a value has at most " + MAX_VALUE_BYTES + " bytes, got " + value.length);
        }
    }
}
