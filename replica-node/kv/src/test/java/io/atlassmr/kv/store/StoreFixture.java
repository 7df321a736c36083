package io.atlassmr.kv.store;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import io.atlassmr.kv.parts.EntryCursor;
import io.atlassmr.kv.parts.EntryLimits;
import io.atlassmr.kv.parts.PartDigest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** What the tests of stores say often. */
final class StoreFixture {

    static final EntryLimits LIMITS = new EntryLimits(1024, 1 << 20);

    private StoreFixture() {}

    static PartitionedStore newStore(Path directory) throws IOException {
        return PartitionedStore.create(directory, LIMITS);
    }

    static byte[] key(int number) {
        return bytes("key-%08d".formatted(number));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Puts keys {@code from} to {@code to}, excluded, with values of 1 KiB that depend on the key and the seed alone. */
    static void fill(PartitionedStore store, int from, int to, long seed) throws IOException {
        for (int i = from; i < to; i++) {
            store.put(key(i), value(i, seed));
        }
    }

    static byte[] value(int number, long seed) {
        byte[] value = new byte[1024];
        new Random(seed * 1_000_003 + number).nextBytes(value);
        return value;
    }

    /** Key and value of every entry. */
    static List<String> scan(PartitionedStore store) throws IOException {
        List<String> entries = new ArrayList<>();
        HexFormat hex = HexFormat.of();
        try (EntryCursor cursor = store.cursor()) {
            for (cursor.seek(new byte[0]); cursor.isValid(); cursor.next()) {
                entries.add(hex.formatHex(cursor.key()) + "=" + hex.formatHex(cursor.value()));
            }
        }
        return entries;
    }

    /** The contents of all parts, one after another. */
    static byte[] content(DivisibleState.Image image) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (PartDescriptor part : image.parts()) {
            content.writeBytes(image.read(part));
        }
        return content.toByteArray();
    }

    /** Everything that descriptors say. */
    static List<String> describe(List<PartDescriptor> parts) {
        HexFormat hex = HexFormat.of();
        return parts.stream()
                .map(part -> hex.formatHex(part.id()) + " of version " + part.version() + " " + part.sizeBytes()
                        + " bytes " + hex.formatHex(part.digest()))
                .toList();
    }

    /** Those that whoever has {@code known} has to fetch. */
    static List<PartDescriptor> missing(List<PartDescriptor> known, List<PartDescriptor> wanted) {
        Set<PartDigest> digests =
                known.stream().map(part -> PartDigest.of(part.digest())).collect(Collectors.toSet());
        return wanted.stream()
                .filter(part -> !digests.contains(PartDigest.of(part.digest())))
                .toList();
    }
}
