package io.atlassmr.kv.store;

import static io.atlassmr.kv.store.StoreFixture.key;
import static io.atlassmr.kv.store.StoreFixture.newStore;
import static io.atlassmr.kv.store.StoreFixture.scan;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.api.DivisibleState.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One thread executes, another writes checkpoints. */
class ConcurrentSavingTest {

    private static final int ROUNDS = 8;
    private static final int KEYS = 500;

    @TempDir
    private Path temporary;

    @Test
    void imagesAreOfTheirMomentHoweverMuchIsWrittenWhileTheyAreSaved() throws Exception {
        Random random = new Random(11);
        try (PartitionedStore store = newStore(temporary.resolve("live"));
                PartitionedStore other = newStore(temporary.resolve("other"));
                ExecutorService worker = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                write(store, random);
                List<String> captured = scan(store);
                Path directory = temporary.resolve("image-" + round);
                Image image = store.capture(round + 1);
                Future<?> saving = worker.submit(() -> {
                    try (image) {
                        image.saveTo(directory);
                    }
                    return null;
                });
                do {
                    write(store, random);
                } while (!saving.isDone());
                saving.get();
                other.restore(directory);
                assertEquals(captured, scan(other));
            }
        }
    }

    private static void write(PartitionedStore store, Random random) throws IOException {
        int number = random.nextInt(KEYS);
        if (random.nextInt(4) == 0) {
            boolean _ = store.delete(key(number));
        } else {
            byte[] value = new byte[random.nextInt(1_500)];
            random.nextBytes(value);
            store.put(key(number), value);
        }
    }
}
