package io.atlassmr.kv.parts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartReaderTest {

    private final NavigableMap<byte[], byte[]> entries = MapCursor.newMap();
    private final PartReader reader = new PartReader(new MapCursor(entries));
    private List<PartDescriptor> parts;

    @BeforeEach
    void fill() throws IOException {
        for (int i = 0; i < 100; i++) {
            entries.put("k%02d".formatted(i).getBytes(StandardCharsets.US_ASCII), new byte[500 + i]);
        }
        parts = new PartUpdate(PartList.EMPTY, 1, new MapCursor(entries))
                .afterAnyChanges()
                .asList();
    }

    @Test
    void aPartHasTheDocumentedBytes() throws IOException {
        entries.clear();
        entries.put(new byte[] {'a'}, new byte[] {1, 2});
        entries.put(new byte[] {'b', 'c'}, new byte[0]);
        PartDescriptor only = new PartUpdate(PartList.EMPTY, 1, new MapCursor(entries))
                .afterAnyChanges()
                .get(0);
        assertArrayEquals(
                HexFormat.of().parseHex("0001" + "61" + "00000002" + "0102" + "0002" + "6263" + "00000000"),
                reader.read(only));
    }

    @Test
    void partsAreReadInAnyOrder() throws IOException {
        byte[] first = reader.read(parts.get(0));
        byte[] last = reader.read(parts.getLast());
        assertArrayEquals(first, reader.read(parts.get(0)));
        assertArrayEquals(last, reader.read(parts.getLast()));
    }

    @Test
    void aValueOfAnySizeIsReadWhole() throws IOException {
        entries.clear();
        for (int sizeBytes : new int[] {0, 1, 7_000, 7_161, 7_162, 7_163, 1 << 20}) {
            byte[] value = new byte[sizeBytes];
            new Random(sizeBytes).nextBytes(value);
            entries.put("v%07d".formatted(sizeBytes).getBytes(StandardCharsets.US_ASCII), value);
        }
        for (PartDescriptor part : new PartUpdate(PartList.EMPTY, 1, new MapCursor(entries))
                .afterAnyChanges()
                .asList()) {
            assertEquals(part.sizeBytes(), reader.read(part).length);
        }
    }

    @Test
    void aPartThatTheStateDoesNotHaveIsRefused() {
        PartDescriptor part = parts.get(3);
        byte[] otherDigest = part.digest().clone();
        otherDigest[0] ^= 1;
        assertRefused(new PartDescriptor(part.id(), 1, otherDigest, part.sizeBytes()));
        assertRefused(new PartDescriptor(part.id(), 1, part.digest(), part.sizeBytes() + 1));
        assertRefused(new PartDescriptor(part.id(), 1, part.digest(), part.sizeBytes() - 1));
        assertRefused(new PartDescriptor(parts.get(4).id(), 1, part.digest(), part.sizeBytes()));
        assertRefused(new PartDescriptor("zz".getBytes(StandardCharsets.US_ASCII), 1, part.digest(), 100));
    }

    @Test
    void aSizeOutOfRangeIsRefusedBeforeAnythingIsRead() {
        PartDescriptor part = parts.get(0);
        assertRefused(new PartDescriptor(part.id(), 1, part.digest(), -1));
        assertRefused(new PartDescriptor(part.id(), 1, part.digest(), 0));
        assertRefused(new PartDescriptor(part.id(), 1, part.digest(), DivisibleState.MAX_PART_BYTES + 1));
    }

    private void assertRefused(PartDescriptor part) {
        assertThrows(IOException.class, () -> reader.read(part));
    }
}
