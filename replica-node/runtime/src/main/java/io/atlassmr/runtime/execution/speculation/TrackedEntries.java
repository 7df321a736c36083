package io.atlassmr.runtime.execution.speculation;

import io.atlassmr.api.ReadView;

/** Entries that note what is read of them. One thread. */
record TrackedEntries(ReadView entries, ReadSet reads) implements ReadView {

    @Override
    public byte[] read(byte[] key) {
        // Before the operation can change the array it gave.
        reads.addKey(key.clone());
        return entries.read(key);
    }

    @Override
    public void scan(byte[] from, byte[] to, Visitor visitor) {
        ReadSet.Range range = reads.addRange(from.clone());
        Progress progress = new Progress(range, visitor);
        entries.scan(from, to, progress);
        if (progress.wantsMore) {
            range.ended(to == null ? null : to.clone());
        }
    }

    /** Follows the visitor, so that an operation that stops early, or throws, has read no more than it saw. */
    private static final class Progress implements Visitor {

        private final ReadSet.Range range;
        private final Visitor visitor;
        private boolean wantsMore = true;

        Progress(ReadSet.Range range, Visitor visitor) {
            this.range = range;
            this.visitor = visitor;
        }

        @Override
        public boolean visit(byte[] key, byte[] value) {
            range.reached(key);
            wantsMore = visitor.visit(key, value);
            return wantsMore;
        }
    }
}
