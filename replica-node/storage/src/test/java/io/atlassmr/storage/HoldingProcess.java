package io.atlassmr.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Opens a store and keeps it open until killed. */
final class HoldingProcess {

    static final String OPENED = "opened";

    private HoldingProcess() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (RocksDbPersistentLog _ = RocksDbPersistentLog.open(Path.of(arguments[0]))) {
            System.out.println(OPENED);
            new CountDownLatch(1).await();
        }
    }
}
