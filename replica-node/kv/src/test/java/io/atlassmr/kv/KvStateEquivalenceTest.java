package io.atlassmr.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.OrderedContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
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
        try (KvApplication inMemory = new KvApplication(new InMemoryKvState());
                KvApplication rocksDb = new KvApplication(RocksDbKvState.open(directory))) {
            for (int i = 0; i < OPERATIONS; i++) {
                byte[] operation = randomOperation(random);
                assertEquals(
                        answer(inMemory, operation),
                        answer(rocksDb, operation),
                        () -> "operation " + HexFormat.of().formatHex(operation));
                if (random.nextInt(200) == 0) {
                    byte[] snapshot = snapshot(inMemory);
                    assertArrayEquals(snapshot, snapshot(rocksDb));
                    rocksDb.restore(new ByteArrayInputStream(snapshot));
                }
            }
            assertArrayEquals(snapshot(inMemory), snapshot(rocksDb));
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

    private static byte[] snapshot(KvApplication application) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        application.snapshot(output);
        return output.toByteArray();
    }
}
