package io.atlassmr.kv.store;

import io.atlassmr.kv.parts.EntryCursor;
import java.io.IOException;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Walks a database. One thread at a time; to be closed before the database is. */
final class DatabaseCursor implements EntryCursor {

    private final RocksIterator iterator;
    // Asked for more than once an entry, and each call into RocksDB costs.
    private byte[] key;
    private byte[] value;

    DatabaseCursor(RocksIterator iterator) {
        this.iterator = iterator;
    }

    @Override
    public void seek(byte[] target) throws IOException {
        iterator.seek(target);
        readKey();
    }

    @Override
    public void next() throws IOException {
        iterator.next();
        readKey();
    }

    private void readKey() throws IOException {
        value = null;
        if (iterator.isValid()) {
            key = iterator.key();
            return;
        }
        key = null;
        try {
            // An iterator that failed looks like one past the end; entries that seem missing would differ between
            // replicas.
            iterator.status();
        } catch (RocksDBException e) {
            throw new IOException("cannot read the key-value entries", e);
        }
    }

    @Override
    public boolean isValid() {
        return key != null;
    }

    @Override
    public byte[] key() {
        return key;
    }

    @Override
    public byte[] value() {
        if (value == null) {
            value = iterator.value();
        }
        return value;
    }

    @Override
    public int copyValue(byte[] target, int offset) {
        return iterator.value(target, offset, target.length - offset);
    }

    @Override
    public void close() {
        iterator.close();
    }
}
