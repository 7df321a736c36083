package io.atlassmr.kv.parts;

import io.atlassmr.api.DivisibleState.PartDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Makes the parts of a state from those of an earlier one and the keys written since, reading the neighbourhoods of
 * those keys only. The outcome is the one of a walk over the whole state: how a walk goes on is determined by the place
 * where a part begins and the entries from there, so it may stop where a part of both states begins and start again
 * before the next change. Used once.
 */
public final class PartUpdate {

    private static final byte[] BEFORE_ALL_KEYS = {};

    private final PartList old;
    private final long version;
    private final EntryCursor cursor;
    private final List<PartDescriptor> parts;
    private final PartContent content = new PartContent();

    /**
     * @param version of parts that are not among the old ones
     * @param cursor over the state whose parts are asked for
     */
    public PartUpdate(PartList old, long version, EntryCursor cursor) {
        this.old = old;
        this.version = version;
        this.cursor = cursor;
        this.parts = new ArrayList<>(old.size());
    }

    /** The parts if any entries may have been written. */
    public PartList afterAnyChanges() throws IOException {
        cursor.seek(BEFORE_ALL_KEYS);
        while (cursor.isValid()) {
            readPart();
        }
        return new PartList(parts);
    }

    /** The parts if only entries with these keys, in ascending order, were written. */
    public PartList afterChangesOf(Iterator<byte[]> keys) throws IOException {
        Changes changes = new Changes(keys);
        int decided = 0;
        while (changes.current != null) {
            int from = firstAffected(changes.current);
            parts.addAll(old.asList().subList(decided, Math.max(decided, from)));
            cursor.seek(from < 0 ? BEFORE_ALL_KEYS : old.get(from).id());
            decided = walk(changes);
        }
        parts.addAll(old.asList().subList(decided, old.size()));
        return new PartList(parts);
    }

    /** Reads parts up to one that both states have in common with all before the next change; returns its index. */
    private int walk(Changes changes) throws IOException {
        while (cursor.isValid()) {
            readPart();
            if (!cursor.isValid()) {
                break;
            }
            byte[] begin = cursor.key();
            changes.skipBelow(begin);
            int index = old.indexFor(begin);
            if (old.beginsWith(index, begin) && (changes.current == null || firstAffected(changes.current) > index)) {
                return index;
            }
        }
        changes.skipAll();
        return old.size();
    }

    /** Index of the first old part that a change of this key may change; -1 if the key is below all old parts. */
    private int firstAffected(byte[] key) {
        int index = old.indexFor(key);
        // Whether the part before ends here may depend on the entry.
        return old.beginsWith(index, key) ? index - 1 : index;
    }

    private void readPart() throws IOException {
        content.clear();
        byte[] id = cursor.key();
        do {
            content.add(cursor.key(), cursor.value());
            cursor.next();
        } while (cursor.isValid() && !endsHere());
        byte[] digest = content.digest();
        int index = old.indexFor(id);
        boolean isOld =
                old.beginsWith(index, id) && Arrays.equals(old.get(index).digest(), digest);
        parts.add(isOld ? old.get(index) : new PartDescriptor(id, version, digest, content.sizeBytes()));
    }

    private boolean endsHere() {
        // Most entries do not get to the point where their size matters.
        return content.sizeBytes() >= PartRule.MIN_BYTES
                && PartRule.begins(
                        content.sizeBytes(), cursor.key(), PartContent.entryBytes(cursor.key(), cursor.value()));
    }

    private static final class Changes {

        private final Iterator<byte[]> keys;
        private byte[] current;

        Changes(Iterator<byte[]> keys) {
            this.keys = keys;
            advance();
        }

        private void advance() {
            current = keys.hasNext() ? keys.next() : null;
        }

        void skipBelow(byte[] key) {
            while (current != null && Arrays.compareUnsigned(current, key) < 0) {
                advance();
            }
        }

        void skipAll() {
            current = null;
        }
    }
}
