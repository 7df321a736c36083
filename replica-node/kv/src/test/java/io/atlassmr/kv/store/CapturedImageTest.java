package io.atlassmr.kv.store;

import static io.atlassmr.kv.store.StoreFixture.bytes;
import static io.atlassmr.kv.store.StoreFixture.content;
import static io.atlassmr.kv.store.StoreFixture.describe;
import static io.atlassmr.kv.store.StoreFixture.fill;
import static io.atlassmr.kv.store.StoreFixture.key;
import static io.atlassmr.kv.store.StoreFixture.missing;
import static io.atlassmr.kv.store.StoreFixture.newStore;
import static io.atlassmr.kv.store.StoreFixture.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.DivisibleState.Image;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapturedImageTest {

    @TempDir
    private Path temporary;

    private PartitionedStore store;

    @BeforeEach
    void open() throws IOException {
        store = newStore(temporary.resolve("live"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void anEmptyStateHasNoParts() throws IOException {
        try (Image image = store.capture(1)) {
            assertEquals(List.of(), image.parts());
        }
    }

    @Test
    void anImageDoesNotShowWhatIsWrittenAfterIt() throws IOException {
        fill(store, 0, 200, 1);
        try (Image image = store.capture(1)) {
            fill(store, 100, 300, 2);
            assertTrue(store.delete(key(5)));
            try (PartitionedStore other = newStore(temporary.resolve("other"))) {
                fill(other, 0, 200, 1);
                Image reference = other.capture(1);
                assertEquals(describe(reference.parts()), describe(image.parts()));
                assertArrayEquals(content(reference), content(image));
                reference.close();
            }
        }
    }

    @Test
    void equalStatesHaveEqualPartsHoweverTheyCameAbout() throws IOException {
        fill(store, 0, 300, 1);
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            numbers.add(i);
        }
        Collections.shuffle(numbers, new Random(1));
        try (PartitionedStore other = newStore(temporary.resolve("other"))) {
            for (int number : numbers) {
                other.put(key(number), bytes("detour"));
            }
            for (int number : numbers) {
                if (number < 300) {
                    other.put(key(number), value(number, 1));
                } else {
                    assertTrue(other.delete(key(number)));
                }
            }
            try (Image image = store.capture(7);
                    Image otherImage = other.capture(7)) {
                assertEquals(describe(image.parts()), describe(otherImage.parts()));
            }
        }
    }

    @Test
    void theVersionIsTheCheckpointThatFirstHadTheContent() throws IOException {
        fill(store, 0, 200, 1);
        List<PartDescriptor> first = partsOf(store.capture(100));
        assertTrue(first.stream().allMatch(part -> part.version() == 100));
        store.put(key(50), bytes("changed"));
        List<PartDescriptor> second = partsOf(store.capture(200));
        assertEquals(versionsOf(second, 200), missing(first, second).size());
        store.put(key(50), bytes("changed"));
        store.put(key(150), bytes("changed"));
        List<PartDescriptor> third = partsOf(store.capture(300));
        assertEquals(versionsOf(second, 200), versionsOf(third, 200));
        assertEquals(versionsOf(third, 300), missing(second, third).size());
    }

    @Test
    void versionsDoNotDependOnWhoAskedForPartsWhen() throws IOException {
        fill(store, 0, 100, 1);
        Image first = store.capture(100);
        fill(store, 100, 200, 1);
        Image second = store.capture(200);
        second.close();
        fill(store, 200, 300, 1);
        List<PartDescriptor> third = partsOf(store.capture(300));
        assertEquals(versionsOf(third, 100), versionsOf(partsOf(first), 100));
        assertTrue(versionsOf(third, 200) > 30);
        assertTrue(versionsOf(third, 300) > 30);
    }

    @Test
    void manyCapturesThatNobodyAskedForDoNotOverflow() throws IOException {
        for (int i = 0; i < 3_000; i++) {
            store.put(key(i), bytes("1"));
            store.capture(i).close();
        }
        List<PartDescriptor> parts = partsOf(store.capture(3_000));
        assertTrue(parts.getFirst().version() < 200);
        assertEquals(2_999, parts.getLast().version());
    }

    @Test
    void deletingEntriesThatPartsBeginWithMergesThem() throws IOException {
        fill(store, 0, 300, 1);
        List<PartDescriptor> before = partsOf(store.capture(1));
        for (PartDescriptor part : before) {
            assertTrue(store.delete(part.id()));
        }
        try (Image image = store.capture(2);
                PartitionedStore other = newStore(temporary.resolve("other"))) {
            for (int i = 0; i < 300; i++) {
                byte[] value = store.get(key(i));
                if (value != null) {
                    other.put(key(i), value);
                }
            }
            assertFalse(image.parts().isEmpty());
            assertEquals(describe(partsOf(other.capture(2))), describe(image.parts()));
        }
    }

    @Test
    void deletingEverythingLeavesNoParts() throws IOException {
        fill(store, 0, 50, 1);
        assertFalse(partsOf(store.capture(1)).isEmpty());
        for (int i = 0; i < 50; i++) {
            assertTrue(store.delete(key(i)));
        }
        assertEquals(List.of(), partsOf(store.capture(2)));
    }

    @Test
    void aRandomHundredthOfEntriesChangesAFewHundredthsOfTheState() throws IOException {
        int count = 20_000;
        fill(store, 0, count, 1);
        List<PartDescriptor> before = partsOf(store.capture(1));
        Random random = new Random(2);
        for (int i = 0; i < count / 100; i++) {
            int number = random.nextInt(count);
            store.put(key(number), value(number, 2));
        }
        List<PartDescriptor> after = partsOf(store.capture(2));
        long movedBytes = bytesOf(missing(before, after));
        long descriptorBytes = after.stream()
                .mapToLong(part -> part.id().length + Long.BYTES + part.digest().length + Integer.BYTES)
                .sum();
        double share = (double) (movedBytes + descriptorBytes) / bytesOf(after);
        assertTrue(share < 0.05, () -> "moves " + share + " of the state");
    }

    @Test
    void aNeighbouringHundredthOfEntriesChangesLittleMoreOfTheState() throws IOException {
        fill(store, 0, 10_000, 1);
        List<PartDescriptor> before = partsOf(store.capture(1));
        fill(store, 3_000, 3_100, 2);
        List<PartDescriptor> after = partsOf(store.capture(2));
        assertTrue(bytesOf(missing(before, after)) < 0.011 * bytesOf(after));
    }

    @Test
    void anImageOutlivesTheStore() throws IOException {
        fill(store, 0, 100, 1);
        try (Image image = store.capture(1)) {
            store.close();
            assertEquals(100 * (6 + 12 + 1024), content(image).length);
        }
    }

    @Test
    void aClosedStoreIsRefused() {
        store.close();
        store.close();
        assertThrows(IllegalStateException.class, () -> store.capture(1));
        assertThrows(IllegalStateException.class, () -> store.put(key(1), new byte[0]));
        assertThrows(IllegalStateException.class, () -> store.get(key(1)));
        assertThrows(IllegalStateException.class, () -> store.delete(key(1)));
        assertThrows(IllegalStateException.class, store::cursor);
        assertThrows(IllegalStateException.class, () -> store.restore(temporary));
    }

    @Test
    void aClosedImageIsRefused() {
        Image image = store.capture(1);
        image.close();
        image.close();
        assertThrows(IllegalStateException.class, image::parts);
        assertThrows(IllegalStateException.class, () -> image.saveTo(temporary.resolve("saved")));
    }

    private static List<PartDescriptor> partsOf(Image image) throws IOException {
        try (image) {
            return image.parts();
        }
    }

    private static long versionsOf(List<PartDescriptor> parts, long version) {
        return parts.stream().filter(part -> part.version() == version).count();
    }

    private static long bytesOf(List<PartDescriptor> parts) {
        return parts.stream().mapToLong(PartDescriptor::sizeBytes).sum();
    }
}
