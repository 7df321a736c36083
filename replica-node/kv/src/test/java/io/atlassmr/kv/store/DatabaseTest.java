package io.atlassmr.kv.store;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Snapshot;

class DatabaseTest {

    @TempDir
    private Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** As each checkpoint ends: else all of the state would be written anew beside what is executed, each time. */
    @Test
    void noFileIsRewrittenBecauseASnapshotIsReleased() throws IOException {
        try (Database database = Database.open(directory.resolve("database"), Database.Use.LIVE)) {
            Snapshot before = database.takeSnapshot();
            database.put(bytes("a"), bytes("1"));
            database.put(bytes("b"), bytes("2"));
            database.flush();
            Snapshot after = database.takeSnapshot();
            database.releaseSnapshot(before);
            database.put(bytes("c"), bytes("3"));
            database.releaseSnapshot(after);
            assertFalse(database.isCompacting());
        }
    }
}
