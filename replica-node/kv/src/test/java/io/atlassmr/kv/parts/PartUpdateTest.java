package io.atlassmr.kv.parts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class PartUpdateTest {

    /** A write of a key: of a value of this many bytes, or its removal. */
    record Write(int key, Optional<Integer> valueBytes) {}

    private final NavigableMap<byte[], byte[]> entries = MapCursor.newMap();
    private final Random random = new Random(7);

    @Property(tries = 400)
    void anUpdateFindsThePartsThatAWalkOverTheWholeStateFinds(@ForAll("checkpoints") List<List<Write>> checkpoints)
            throws IOException {
        entries.clear();
        PartList parts = PartList.EMPTY;
        long checkpoint = 0;
        for (List<Write> writes : checkpoints) {
            PartList before = parts;
            checkpoint++;
            parts = new PartUpdate(parts, checkpoint, new MapCursor(entries))
                    .afterChangesOf(apply(writes).iterator());
            assertEquals(describe(walk(0)), describe(parts));
            assertArrayEquals(content(entries), concatenation(parts));
            assertVersions(before, parts, checkpoint);
            assertTrue(new PartList(new PartUpdate(before, checkpoint, new MapCursor(entries))
                            .afterAnyChanges()
                            .asList())
                    .isSameAs(parts.asList()));
        }
    }

    @Provide
    Arbitrary<List<List<Write>>> checkpoints() {
        Arbitrary<Optional<Integer>> valueBytes = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(Optional.empty())),
                Tuple.of(7, Arbitraries.of(0, 60, 700, 1500, 1600, 4000).map(Optional::of)));
        Arbitrary<Write> write = Combinators.combine(Arbitraries.integers().between(0, 80), valueBytes)
                .as(Write::new);
        return write.list().ofMaxSize(60).list().ofMaxSize(6);
    }

    private static void assertVersions(PartList before, PartList after, long checkpoint) {
        Map<PartDigest, Long> versions = before.asList().stream()
                .collect(Collectors.toMap(part -> PartDigest.of(part.digest()), PartDescriptor::version));
        for (PartDescriptor part : after.asList()) {
            assertEquals(versions.getOrDefault(PartDigest.of(part.digest()), checkpoint), part.version());
        }
    }

    @Test
    void aStateWithoutEntriesHasNoParts() throws IOException {
        assertEquals(List.of(), walk(1).asList());
        put("key", 10);
        put("other", 10);
        PartList parts = walk(1);
        entries.clear();
        assertEquals(
                List.of(),
                new PartUpdate(parts, 2, new MapCursor(entries))
                        .afterChangesOf(List.of(bytes("key"), bytes("other")).iterator())
                        .asList());
    }

    @Test
    void anUpdateReadsWhatIsNearTheChangesOnly() throws IOException {
        fill(1_000);
        PartList parts = walk(1);
        put("key-000500", 1024);
        MapCursor cursor = new MapCursor(entries);
        PartList updated = new PartUpdate(parts, 2, cursor)
                .afterChangesOf(List.of(bytes("key-000500")).iterator());
        assertTrue(cursor.entriesRead() < 20, () -> cursor.entriesRead() + " entries read");
        assertEquals(1, changed(parts, updated));
    }

    @Test
    void anUpdateWithoutChangesReadsNothing() throws IOException {
        fill(1_000);
        PartList parts = walk(1);
        MapCursor cursor = new MapCursor(entries);
        PartList updated = new PartUpdate(parts, 2, cursor).afterChangesOf(Collections.emptyIterator());
        assertEquals(0, cursor.entriesRead());
        assertTrue(updated.isSameAs(parts.asList()));
    }

    @Test
    void anEntryMoreOrLessChangesFewPartsBehindIt() throws IOException {
        fill(1_000);
        PartList parts = walk(1);
        int changed = 0;
        for (int i = 0; i < 100; i++) {
            byte[] key = bytes("key-%06d-%d".formatted(random.nextInt(1_000), i));
            entries.put(key, new byte[1024]);
            PartList longer = new PartUpdate(parts, 2, new MapCursor(entries))
                    .afterChangesOf(List.of(key).iterator());
            entries.remove(key);
            PartList shorter = new PartUpdate(longer, 3, new MapCursor(entries))
                    .afterChangesOf(List.of(key).iterator());
            assertEquals(describe(parts), describe(shorter));
            changed += changed(parts, longer);
        }
        assertTrue(changed < 400, "100 new keys changed " + changed + " parts");
    }

    @Test
    void keysChosenToHaveNoBordersDoNotMakeALargePart() throws IOException {
        int made = 0;
        for (int i = 0; made < 3_000; i++) {
            byte[] key = bytes("evil-%09d".formatted(i));
            if (!PartRule.begins(PartRule.MIN_BYTES, key, PartContent.entryBytes(key, new byte[100]))) {
                entries.put(key, new byte[100]);
                made++;
            }
        }
        PartList parts = walk(1);
        int largestBytes = parts.asList().stream()
                .mapToInt(PartDescriptor::sizeBytes)
                .max()
                .orElseThrow();
        assertTrue(largestBytes < PartRule.FULL_BYTES + 200, () -> "a part of " + largestBytes + " bytes");
    }

    @Test
    void theLargestEntriesMakePartsWithinTheBound() throws IOException {
        put("a", PartRule.FULL_BYTES - 100);
        put("b", 4 << 20);
        put("c", 4 << 20);
        for (PartDescriptor part : walk(1).asList()) {
            assertTrue(part.sizeBytes() <= DivisibleState.MAX_PART_BYTES);
        }
    }

    private SortedSet<byte[]> apply(List<Write> writes) {
        TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
        for (Write write : writes) {
            byte[] key = bytes("k%02d".formatted(write.key));
            write.valueBytes.ifPresentOrElse(size -> put(new String(key, StandardCharsets.US_ASCII), size), () -> {
                entries.remove(key);
            });
            keys.add(key);
        }
        return keys;
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            put("key-%06d".formatted(i), 1024);
        }
    }

    private void put(String key, int valueBytes) {
        byte[] value = new byte[valueBytes];
        random.nextBytes(value);
        entries.put(bytes(key), value);
    }

    private PartList walk(long version) throws IOException {
        return new PartUpdate(PartList.EMPTY, version, new MapCursor(entries)).afterAnyChanges();
    }

    private static int changed(PartList before, PartList after) {
        List<String> kept = describe(before);
        return (int)
                describe(after).stream().filter(part -> !kept.contains(part)).count();
    }

    private static List<String> describe(PartList parts) {
        HexFormat hex = HexFormat.of();
        List<String> described = new ArrayList<>();
        for (PartDescriptor part : parts.asList()) {
            described.add(hex.formatHex(part.id()) + " " + hex.formatHex(part.digest()) + " " + part.sizeBytes());
        }
        return described;
    }

    private byte[] concatenation(PartList parts) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (PartReader reader = new PartReader(new MapCursor(entries))) {
            for (PartDescriptor part : parts.asList()) {
                content.writeBytes(reader.read(part));
            }
        }
        return content.toByteArray();
    }

    private static byte[] content(NavigableMap<byte[], byte[]> entries) {
        PartContent content = new PartContent();
        entries.forEach(content::add);
        return content.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
