package io.atlassmr.api;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NavigableMap;

/**
 * Entries with changes laid over them. Copies nothing: what it hands out is not to be changed. As thread-safe as what it is made
 * of.
 */
public final class OverlayView implements ReadView {

    private final ReadView base;
    private final NavigableMap<byte[], Change> changes;

    /** @param changes by key, in order of unsigned bytes */
    public OverlayView(ReadView base, NavigableMap<byte[], Change> changes) {
        this.base = base;
        this.changes = changes;
    }

    @Override
    public byte[] read(byte[] key) {
        Change change = changes.get(key);
        return change == null ? base.read(key) : change.value();
    }

    @Override
    public void scan(byte[] from, byte[] to, Visitor visitor) {
        if (to != null && Arrays.compareUnsigned(from, to) >= 0) {
            return;
        }
        NavigableMap<byte[], Change> within =
                to == null ? changes.tailMap(from, true) : changes.subMap(from, true, to, false);
        if (within.isEmpty()) {
            base.scan(from, to, visitor);
            return;
        }
        Merge merge = new Merge(within.values().iterator(), visitor);
        base.scan(from, to, merge);
        merge.end();
    }

    /** Shows the entries below with the changes among them. */
    private static final class Merge implements Visitor {

        private final Iterator<Change> changes;
        private final Visitor visitor;
        private Change next;
        private boolean wantsMore = true;

        Merge(Iterator<Change> changes, Visitor visitor) {
            this.changes = changes;
            this.visitor = visitor;
            advance();
        }

        private void advance() {
            next = changes.hasNext() ? changes.next() : null;
        }

        @Override
        public boolean visit(byte[] key, byte[] value) {
            while (wantsMore && next != null && Arrays.compareUnsigned(next.key(), key) < 0) {
                showChange();
            }
            if (!wantsMore) {
                return false;
            }
            if (next != null && Arrays.equals(next.key(), key)) {
                showChange();
            } else {
                wantsMore = visitor.visit(key, value);
            }
            return wantsMore;
        }

        void end() {
            while (wantsMore && next != null) {
                showChange();
            }
        }

        private void showChange() {
            if (next.value() != null) {
                wantsMore = visitor.visit(next.key(), next.value());
            }
            advance();
        }
    }
}
