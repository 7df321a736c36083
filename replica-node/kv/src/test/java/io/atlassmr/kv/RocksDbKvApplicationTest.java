package io.atlassmr.kv;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RocksDbKvApplicationTest extends KvApplicationContract {

    @TempDir
    private Path directory;

    @Override
    KvState openState() throws IOException {
        return RocksDbKvState.open(directory);
    }
}
