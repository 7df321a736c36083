package io.atlassmr.kv.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.EnvOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/** Makes a database of entries that come in ascending order, each of which is written once. */
final class SortedFiles implements AutoCloseable {

    private static final long FILE_BYTES = 64 << 20;

    private final Path directory;
    private final Database.Tables tables = new Database.Tables(Database.Use.SHORT_WRITE);
    private final EnvOptions envOptions = new EnvOptions();
    private final List<Path> files = new ArrayList<>();
    private SstFileWriter writer;
    private long fileBytes;

    /**
     * @param directory made for the time being; must not exist
     */
    SortedFiles(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectory(directory);
    }

    /** Adds an entry above all before it. */
    void add(byte[] key, byte[] value) throws IOException {
        try {
            prepareFile(key.length + value.length).put(key, value);
        } catch (RocksDBException e) {
            throw Database.failure("write", directory, e);
        }
    }

    /** See {@link #add(byte[], byte[])}; the buffers are direct ones and stay as they are. */
    void add(ByteBuffer key, ByteBuffer value) throws IOException {
        try {
            prepareFile(key.remaining() + value.remaining()).put(key.duplicate(), value.duplicate());
        } catch (RocksDBException e) {
            throw Database.failure("write", directory, e);
        }
    }

    private SstFileWriter prepareFile(int entryBytes) throws RocksDBException {
        if (writer != null && fileBytes >= FILE_BYTES) {
            finishFile();
        }
        if (writer == null) {
            Path file = directory.resolve(files.size() + ".sst");
            writer = new SstFileWriter(envOptions, tables.options);
            writer.open(file.toString());
            files.add(file);
            fileBytes = 0;
        }
        fileBytes += entryBytes;
        return writer;
    }

    private void finishFile() throws RocksDBException {
        writer.finish();
        writer.close();
        writer = null;
    }

    /** Makes {@code target} a database of the entries added, durably. Nothing may be added afterwards. */
    void moveTo(Path target) throws IOException {
        try {
            if (writer != null) {
                finishFile();
            }
        } catch (RocksDBException e) {
            throw Database.failure("write", directory, e);
        }
        try (Database database = Database.open(target, Database.Use.SHORT_WRITE)) {
            if (!files.isEmpty()) {
                database.ingest(files);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (writer != null) {
            writer.close();
        }
        envOptions.close();
        tables.close();
        ImageDirectory.deleteDirectory(directory);
    }
}
