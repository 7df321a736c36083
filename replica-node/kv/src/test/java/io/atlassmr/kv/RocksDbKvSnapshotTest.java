package io.atlassmr.kv;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RocksDbKvSnapshotTest extends KvSnapshotContract {

    @TempDir
    private Path directory;

    @Override
    KvState openState() throws IOException {
        return RocksDbKvState.open(directory);
    }
}
