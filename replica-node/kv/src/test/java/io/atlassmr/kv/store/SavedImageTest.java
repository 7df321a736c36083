package io.atlassmr.kv.store;

import static io.atlassmr.kv.store.StoreFixture.bytes;
import static io.atlassmr.kv.store.StoreFixture.content;
import static io.atlassmr.kv.store.StoreFixture.describe;
import static io.atlassmr.kv.store.StoreFixture.fill;
import static io.atlassmr.kv.store.StoreFixture.key;
import static io.atlassmr.kv.store.StoreFixture.newStore;
import static io.atlassmr.kv.store.StoreFixture.scan;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.DivisibleState.Image;
import io.atlassmr.kv.parts.PartList;
import io.atlassmr.kv.parts.PartsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedImageTest {

    @TempDir
    private Path temporary;

    private PartitionedStore store;
    private Path saved;

    @BeforeEach
    void open() throws IOException {
        store = newStore(temporary.resolve("live"));
        saved = temporary.resolve("saved").resolve("image");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aSavedImageHasTheSameParts() throws IOException {
        fill(store, 0, 200, 1);
        store.capture(1).close();
        store.put(key(100), new byte[0]);
        try (Image image = store.capture(2)) {
            image.saveTo(saved);
            try (Image opened = store.open(saved)) {
                assertEquals(describe(image.parts()), describe(opened.parts()));
                assertArrayEquals(content(image), content(opened));
            }
        }
    }

    @Test
    void aRestoredStateIsTheOneThatWasSaved() throws IOException {
        fill(store, 0, 200, 1);
        List<String> before = scan(store);
        save(1);
        fill(store, 100, 300, 2);
        assertTrue(store.delete(key(7)));
        store.restore(saved);
        assertEquals(before, scan(store));
    }

    @Test
    void aRestoredStateKeepsTheVersionsOfItsParts() throws IOException {
        fill(store, 0, 200, 1);
        store.capture(100).close();
        store.put(key(20), bytes("changed"));
        save(200);
        try (PartitionedStore other = newStore(temporary.resolve("other"))) {
            other.restore(saved);
            other.put(key(120), bytes("changed"));
            store.put(key(120), bytes("changed"));
            try (Image image = store.capture(300);
                    Image otherImage = other.capture(300)) {
                assertEquals(describe(image.parts()), describe(otherImage.parts()));
            }
        }
    }

    @Test
    void whatIsWrittenBetweenCaptureAndSavingIsNotSaved() throws IOException {
        fill(store, 0, 200, 1);
        List<String> captured = scan(store);
        try (Image image = store.capture(1)) {
            fill(store, 50, 250, 2);
            assertTrue(store.delete(key(3)));
            try (Image later = store.capture(2)) {
                assertTrue(store.delete(key(60)));
                store.put(key(3), bytes("again"));
                later.saveTo(temporary.resolve("later"));
            }
            fill(store, 0, 10, 3);
            image.saveTo(saved);
        }
        store.restore(saved);
        assertEquals(captured, scan(store));
    }

    @Test
    void anImageIsSavedAlsoIfItsStateWasReplacedMeanwhile() throws IOException {
        fill(store, 0, 100, 1);
        save(1);
        fill(store, 0, 100, 2);
        List<String> captured = scan(store);
        try (Image image = store.capture(2)) {
            store.restore(saved);
            assertNotEquals(captured, scan(store));
            image.saveTo(temporary.resolve("second"));
        }
        store.restore(temporary.resolve("second"));
        assertEquals(captured, scan(store));
    }

    @Test
    void moreWritesThanAreRememberedDoNotShowEither() throws IOException {
        store.put(bytes("only"), bytes("1"));
        try (Image image = store.capture(1)) {
            byte[] longKey = new byte[1024];
            for (int i = 0; i * (long) longKey.length <= ChangedKeys.MAX_KEYS_BYTES; i++) {
                byte[] key = longKey.clone();
                key[0] = (byte) (i >> 8);
                key[1] = (byte) i;
                key[2] = (byte) (i >> 16);
                store.put(key, new byte[0]);
            }
            store.put(bytes("only"), bytes("2"));
            image.saveTo(saved);
        }
        try (Image image = store.capture(2)) {
            assertTrue(image.parts().size() > 5_000);
        }
        store.restore(saved);
        assertArrayEquals(bytes("1"), store.get(bytes("only")));
        assertEquals(1, scan(store).size());
    }

    @Test
    void anEmptyStateIsSavedToo() throws IOException {
        save(1);
        store.put(key(1), bytes("1"));
        store.restore(saved);
        assertEquals(List.of(), scan(store));
        try (Image image = store.capture(2)) {
            assertEquals(List.of(), image.parts());
        }
    }

    @Test
    void aSavedImageMayBeMovedAndSavedElsewhere() throws IOException {
        fill(store, 0, 100, 1);
        List<String> before = scan(store);
        save(1);
        Path moved = Files.move(saved, temporary.resolve("moved"));
        Path copy = temporary.resolve("copy");
        try (Image image = store.open(moved)) {
            image.saveTo(copy);
        }
        deleteTree(moved);
        fill(store, 0, 50, 2);
        store.restore(copy);
        assertEquals(before, scan(store));
    }

    @Test
    void readingWritesNothing() throws IOException {
        fill(store, 0, 100, 1);
        save(1);
        Set<String> before = filesIn(saved);
        try (Image image = store.open(saved);
                Image again = store.open(saved)) {
            assertArrayEquals(content(image), content(again));
        }
        store.restore(saved);
        assertEquals(before, filesIn(saved));
    }

    @Test
    void restoringLeavesTheImageAsItIs() throws IOException {
        fill(store, 0, 100, 1);
        List<String> before = scan(store);
        save(1);
        for (int i = 0; i < 3; i++) {
            store.restore(saved);
            assertEquals(before, scan(store));
            fill(store, 0, 100, 2 + i);
            save(2 + i, temporary.resolve("other-" + i));
        }
    }

    @Test
    void aSecondImageTakesTheFirstOnesPlace() throws IOException {
        fill(store, 0, 100, 1);
        save(1);
        fill(store, 0, 100, 2);
        List<String> second = scan(store);
        save(2);
        fill(store, 0, 100, 3);
        store.restore(saved);
        assertEquals(second, scan(store));
    }

    @Test
    void anImageTakesADamagedOnesPlace() throws IOException {
        fill(store, 0, 100, 1);
        save(1);
        Files.writeString(saved.resolve("parts.bin"), "rubbish");
        save(2);
        store.open(saved).close();
    }

    @Test
    void whatACrashLeftOfASavingIsNoImageAndDoesNotStandInTheWay() throws IOException {
        Files.createDirectories(saved.resolve("entries-1"));
        Files.writeString(saved.resolve("entries-1").resolve("000001.sst"), "half a table");
        Files.writeString(saved.resolve("parts.new"), "half a list");
        assertThrows(IOException.class, () -> store.open(saved));
        fill(store, 0, 100, 1);
        save(1);
        store.open(saved).close();
    }

    @Test
    void aDirectoryWithoutAnImageIsRefusedAndTheStateStays() throws IOException {
        store.put(key(1), bytes("1"));
        IOException thrown = assertThrows(IOException.class, () -> store.restore(saved));
        assertTrue(thrown.getMessage().contains(saved.toString()), thrown.getMessage());
        assertEquals(1, scan(store).size());
    }

    @Test
    void aDamagedImageIsRefusedAndTheStateStays() throws IOException {
        fill(store, 0, 100, 1);
        save(1);
        fill(store, 0, 100, 2);
        List<String> before = scan(store);
        Path entries = saved.resolve("entries-1");
        Files.delete(entries.resolve("CURRENT"));
        assertThrows(IOException.class, () -> store.restore(saved));
        assertThrows(IOException.class, () -> store.open(saved));
        Files.writeString(saved.resolve("parts.bin"), "rubbish");
        assertThrows(IOException.class, () -> store.restore(saved));
        assertEquals(before, scan(store));
        fill(store, 0, 1, 3);
        assertNotEquals(before, scan(store));
    }

    @Test
    void aNameThatLeadsOutOfTheImageIsNotFollowed() throws IOException {
        fill(store, 0, 10, 1);
        save(1);
        PartsFile.write(saved.resolve("parts.bin"), "../elsewhere", PartList.EMPTY);
        IOException thrown = assertThrows(IOException.class, () -> store.restore(saved));
        assertTrue(thrown.getMessage().contains("damaged"), thrown.getMessage());
    }

    @Test
    void replacedDatabasesAreDeletedOnceTheirImagesAreClosed() throws IOException {
        fill(store, 0, 100, 1);
        save(1);
        Image image = store.capture(2);
        store.restore(saved);
        assertEquals(2, liveDatabases());
        image.close();
        assertEquals(1, liveDatabases());
        store.restore(saved);
        assertEquals(1, liveDatabases());
        assertFalse(scan(store).isEmpty());
    }

    @Test
    void randomHistoriesAreSavedAsTheyWereAtTheirCaptures() throws IOException {
        Random random = new Random(5);
        for (int round = 0; round < 12; round++) {
            write(random, 40);
            List<String> captured = scan(store);
            Path directory = temporary.resolve("round-" + round);
            try (Image image = store.capture(round + 1)) {
                write(random, 40);
                image.saveTo(directory);
                write(random, 10);
            }
            if (random.nextInt(3) == 0) {
                store.restore(directory);
                assertEquals(captured, scan(store));
            } else {
                try (PartitionedStore other = newStore(temporary.resolve("other"))) {
                    other.restore(directory);
                    assertEquals(captured, scan(other));
                }
            }
        }
    }

    private void write(Random random, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            int number = random.nextInt(60);
            if (random.nextInt(3) == 0) {
                boolean _ = store.delete(key(number));
            } else {
                byte[] value = new byte[random.nextInt(2_000)];
                random.nextBytes(value);
                store.put(key(number), value);
            }
        }
    }

    private void save(long sequenceNumber) throws IOException {
        save(sequenceNumber, saved);
    }

    private void save(long sequenceNumber, Path directory) throws IOException {
        try (Image image = store.capture(sequenceNumber)) {
            image.saveTo(directory);
        }
    }

    private static Set<String> filesIn(Path directory) throws IOException {
        Set<String> described = new TreeSet<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                described.add(file + " " + Files.getLastModifiedTime(file) + " " + Files.size(file));
            }
        }
        return described;
    }

    private long liveDatabases() throws IOException {
        try (Stream<Path> files = Files.list(temporary.resolve("live"))) {
            return files.filter(Files::isDirectory).count();
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
