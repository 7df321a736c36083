package io.atlassmr.server.checkpoint;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.InMemoryKvState;
import io.atlassmr.kv.KvState;
import io.atlassmr.kv.RocksDbKvState;
import io.atlassmr.protocol.checkpoint.Part;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a checkpoint of much state costs those who go on meanwhile, and how much of it a peer that has an older one has to fetch.
 * Prints what it measures. {@code -Datlas.test.state-mebibytes} sets the size of the state, and the heap has to fit it:
 * {@code -Dtest.jvm.arguments}.
 */
@Tag("long")
class CheckpointCostTest {

    private static final Logger LOG = Logger.getLogger(CheckpointCostTest.class);
    private static final int VALUE_BYTES = 1024;
    private static final long ENTRIES = Long.getLong("atlas.test.state-mebibytes", 1024) << 10;

    @TempDir
    private Path directory;

    private final Random random = new Random(7);

    private Bytes value() {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        return Bytes.copyOf(value);
    }

    private static Bytes key(long index) {
        return Bytes.ofUtf8(String.format("key-%012d", index));
    }

    private void fill(KvState state) {
        for (long i = 0; i < ENTRIES; i++) {
            state.put(key(i), value());
        }
    }

    private Bytes randomKey() {
        return key(random.nextLong(ENTRIES));
    }

    private void measureGaps(String name, KvState state) throws Exception {
        fill(state);
        try (CheckpointRun run = new CheckpointRun(state, directory.resolve("checkpoints"))) {
            run.execute(2000, this::randomKey, this::value);
            Gaps without = run.takeGaps();
            run.checkpoint();
            run.executeUntilWritten(this::randomKey, this::value);
            Gaps first = run.takeGaps();
            run.execute(2000, this::randomKey, this::value);
            Gaps between = run.takeGaps();
            run.checkpoint();
            run.executeUntilWritten(this::randomKey, this::value);
            LOG.infof(
                    "%s, %d MiB: gaps between executed batches: before %s; during the first checkpoint %s; after it %s;"
                            + " during the second %s; longest capture %.1f ms",
                    name, ENTRIES >> 10, without, first, between, run.takeGaps(), run.longestCaptureMillis());
        }
    }

    @Test
    void executionGoesOnWhileStateInRocksDbIsWritten() throws Exception {
        try (KvState state = RocksDbKvState.open(directory.resolve("state"))) {
            measureGaps("RocksDB", state);
        }
    }

    @Test
    void executionGoesOnWhileStateInMemoryIsWritten() throws Exception {
        try (KvState state = new InMemoryKvState()) {
            measureGaps("memory", state);
        }
    }

    @Test
    void aHundredthChangedAtRandomIsAtMostATwentiethToFetch() throws Exception {
        try (KvState state = RocksDbKvState.open(directory.resolve("state"))) {
            fill(state);
            try (CheckpointRun run = new CheckpointRun(state, directory.resolve("checkpoints"))) {
                run.execute(20, this::randomKey, this::value);
                run.checkpoint();
                run.awaitWritten();
                List<Part> before = run.stableParts();
                long changes = ENTRIES / 100;
                run.execute((int) (changes / CheckpointRun.BATCH), this::randomKey, this::value);
                run.checkpoint();
                run.awaitWritten();
                List<Part> after = run.stableParts();
                report(before, after, changes);
            }
        }
    }

    private static void report(List<Part> before, List<Part> after, long changes) {
        Set<Digest> known = new HashSet<>();
        before.forEach(part -> known.add(part.digest()));
        long missing = 0;
        long all = 0;
        for (Part part : after) {
            all += part.sizeBytes();
            missing += known.contains(part.digest()) ? 0 : part.sizeBytes();
        }
        LOG.infof(
                "%d of %d entries changed: %d of %d bytes to fetch, %.2f %%, in %d parts",
                changes, ENTRIES, missing, all, 100.0 * missing / all, after.size());
        assertTrue(missing * 20 <= all, missing + " of " + all + " bytes have to be fetched");
    }
}
