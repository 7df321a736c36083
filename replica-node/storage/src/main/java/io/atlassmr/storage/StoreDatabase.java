package io.atlassmr.storage;

import io.atlassmr.runtime.port.LogReader;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;

/**
 * An open database with a column family for each {@link RecordFamily}. All families share one write-ahead log, so that a
 * batch is atomic across them.
 */
record StoreDatabase(RocksDB rocks, Map<RecordFamily, ColumnFamilyHandle> families) implements AutoCloseable {

    /** Without it a directory holds no database. */
    static final String CURRENT_FILE = "CURRENT";

    private static final String DEFAULT_FAMILY = "default";

    /** Whether {@code directory} holds a database, in whatever state. */
    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(CURRENT_FILE));
    }

    /** Opens the database, which is created if missing. */
    static StoreDatabase open(Path directory, StoreOptions options) throws IOException {
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, options.ofDefaultFamily()));
        for (RecordFamily family : RecordFamily.values()) {
            descriptors.add(new ColumnFamilyDescriptor(nameOf(family), options.of(family)));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB rocks = RocksDB.open(options.database(), directory.toString(), descriptors, handles);
            Map<RecordFamily, ColumnFamilyHandle> families = new EnumMap<>(RecordFamily.class);
            Iterator<ColumnFamilyHandle> familyHandles =
                    handles.subList(1, handles.size()).iterator();
            for (RecordFamily family : RecordFamily.values()) {
                families.put(family, familyHandles.next());
            }
            return new StoreDatabase(rocks, families);
        } catch (RocksDBException e) {
            throw failure("cannot open the store", directory, e);
        }
    }

    /** Opens an existing database without changing it; families that it does not have are left out. */
    static StoreDatabase openReadOnly(Path directory, StoreOptions options) throws IOException {
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        try (Options plain = new Options()) {
            for (byte[] name : RocksDB.listColumnFamilies(plain, directory.toString())) {
                descriptors.add(descriptorOf(name, directory, options));
            }
            if (descriptors.isEmpty()) {
                // What goes wrong with the list is not told, and every database has a family.
                throw new DamagedStoreException(directory, "its list of record families is missing or garbled", null);
            }
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            RocksDB rocks = RocksDB.openReadOnly(options.database(), directory.toString(), descriptors, handles);
            Map<RecordFamily, ColumnFamilyHandle> families = new EnumMap<>(RecordFamily.class);
            for (int i = 0; i < handles.size(); i++) {
                String name = new String(descriptors.get(i).getName(), StandardCharsets.UTF_8);
                if (!name.equals(DEFAULT_FAMILY)) {
                    families.put(RecordFamily.valueOf(name), handles.get(i));
                }
            }
            return new StoreDatabase(rocks, families);
        } catch (RocksDBException e) {
            throw failure("cannot read the store", directory, e);
        }
    }

    /**
     * The position of the last change that opening the database would recover. Changes nothing, so that a damaged database
     * stays as it is.
     */
    static long recoverablePosition(Path directory, StoreOptions options) throws IOException {
        try (StoreDatabase database = openReadOnly(directory, options)) {
            return database.position();
        }
    }

    /** The position of the last change. */
    long position() {
        return rocks.getLatestSequenceNumber();
    }

    /**
     * The value under {@code key}, null if there is none.
     *
     * @throws RocksDBException if it cannot be read
     */
    byte[] read(RecordFamily family, ReadOptions options, long key) throws RocksDBException {
        ColumnFamilyHandle handle = families.get(family);
        return handle == null ? null : rocks.get(handle, options, encode(key));
    }

    /**
     * Visits the records from {@code fromKey} on.
     *
     * @throws RocksDBException if one cannot be read; those before it were visited
     */
    void scan(RecordFamily family, ReadOptions options, long fromKey, LogReader.Visitor visitor)
            throws RocksDBException {
        ColumnFamilyHandle handle = families.get(family);
        if (handle == null) {
            return;
        }
        try (RocksIterator iterator = rocks.newIterator(handle, options)) {
            boolean goOn = true;
            for (iterator.seek(encode(Math.max(0, fromKey))); goOn && iterator.isValid(); iterator.next()) {
                goOn = visitor.visit(decode(iterator.key()), iterator.value());
            }
            // An iterator that failed looks like one at its end.
            iterator.status();
        }
    }

    static byte[] encode(long key) {
        return ByteBuffer.allocate(Long.BYTES).putLong(0, key).array();
    }

    private static long decode(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    private static ColumnFamilyDescriptor descriptorOf(byte[] name, Path directory, StoreOptions options)
            throws IOException {
        String text = new String(name, StandardCharsets.UTF_8);
        if (text.equals(DEFAULT_FAMILY)) {
            return new ColumnFamilyDescriptor(name, options.ofDefaultFamily());
        }
        for (RecordFamily family : RecordFamily.values()) {
            if (text.equals(family.name())) {
                return new ColumnFamilyDescriptor(name, options.of(family));
            }
        }
        throw new IOException("the store in " + directory + " has a record family \"" + text
                + "\" that this program does not know, it knows " + new TreeSet<>(List.of(RecordFamily.values()))
                + ": run the release that wrote it, or a later one");
    }

    private static byte[] nameOf(RecordFamily family) {
        return family.name().getBytes(StandardCharsets.UTF_8);
    }

    /** The exception to throw for a call that failed with {@code cause}: what, where, and what to do. */
    static IOException failure(String what, Path directory, RocksDBException cause) {
        Status status = cause.getStatus();
        if (status != null && status.getCode() == Status.Code.Corruption) {
            return new DamagedStoreException(directory, what + ", " + cause.getMessage(), cause);
        }
        boolean full = status != null && status.getSubCode() == Status.SubCode.NoSpace;
        return new IOException(
                what + " in " + directory + ", " + cause.getMessage() + ": "
                        + (full ? "free space on its disk" : "check its disk and mount") + " and restart the replica",
                cause);
    }

    @Override
    public void close() {
        rocks.close();
    }
}
