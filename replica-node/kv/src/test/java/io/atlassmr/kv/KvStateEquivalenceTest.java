package io.atlassmr.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.api.OrderedContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas may hold their entries differently, and must still answer alike to the byte. */
class KvStateEquivalenceTest {

    private static final int OPERATIONS = 1_000;
    private static final OrderedContext CONTEXT =
            new OrderedContext(1, 0, 0, ClientId.of(new byte[ClientId.SIZE_BYTES]));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void bothStatesAnswerRandomOperationsAlike(long seed) throws IOException {
        Random random = new Random(seed);
        KvState memoryState = new InMemoryKvState();
        KvState rocksDbState = RocksDbKvState.open(directory.resolve("live"));
        try (KvApplication inMemory = new KvApplication(memoryState);
                KvApplication rocksDb = new KvApplication(rocksDbState)) {
            for (int i = 0; i < OPERATIONS; i++) {
                byte[] operation = randomOperation(random);
                assertEquals(
                        answer(inMemory, operation),
                        answer(rocksDb, operation),
                        () -> "operation " + HexFormat.of().formatHex(operation));
                if (random.nextInt(500) == 0) {
                    assertEquals(scan(memoryState), scan(rocksDbState));
                    saveAndRestore((MonolithicState) inMemory.state());
                    saveAndRestore((DivisibleState) rocksDb.state(), i);
                }
            }
            assertEquals(scan(memoryState), scan(rocksDbState));
        }
    }

    private static String answer(KvApplication application, byte[] operation) {
        try {
            return HexFormat.of().formatHex(application.executeOrdered(operation, CONTEXT));
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static byte[] randomOperation(Random random) {
        Bytes key = randomBytes(random, 1, 2);
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> KvCodec.encodeOperation(new KvOperation.Put(key, randomBytes(random, 0, 3)));
            case 3 -> KvCodec.encodeOperation(new KvOperation.Get(key));
            case 4 -> KvCodec.encodeOperation(new KvOperation.Delete(key));
            case 5 ->
                KvCodec.encodeOperation(new KvOperation.CompareAndSet(
                        key,
                        random.nextBoolean() ? Optional.empty() : Optional.of(randomBytes(random, 0, 1)),
                        randomBytes(random, 0, 1)));
            case 6 ->
                KvCodec.encodeOperation(new KvOperation.Scan(
                        random.nextBoolean() ? key : Bytes.EMPTY,
                        random.nextBoolean() ? Optional.empty() : Optional.of(randomBytes(random, 1, 2)),
                        1 + random.nextInt(20)));
            default -> randomBytes(random, 0, 6).toByteArray();
        };
    }

    /** Bytes of few values from both ends of the range, so that keys meet and their order is put to the test. */
    private static Bytes randomBytes(Random random, int minBytes, int maxBytes) {
        byte[] bytes = new byte[minBytes + random.nextInt(maxBytes - minBytes + 1)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(8) - 4);
        }
        return Bytes.copyOf(bytes);
    }

    private static List<KvEntry> scan(KvState state) {
        List<KvEntry> entries = new ArrayList<>();
        try (KvState.Cursor cursor = state.cursorAt(Bytes.EMPTY)) {
            while (cursor.advance()) {
                entries.add(new KvEntry(cursor.key(), cursor.value()));
            }
        }
        return entries;
    }

    private static void saveAndRestore(MonolithicState state) throws IOException {
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        try (MonolithicState.Image image = state.capture()) {
            image.writeTo(saved);
        }
        state.restore(new ByteArrayInputStream(saved.toByteArray()));
    }

    private void saveAndRestore(DivisibleState state, int sequenceNumber) throws IOException {
        Path saved = directory.resolve("image-" + sequenceNumber);
        try (DivisibleState.Image image = state.capture(sequenceNumber)) {
            image.saveTo(saved);
        }
        state.restore(saved);
    }
}
