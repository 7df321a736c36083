package io.atlassmr.server.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.RocksDbKvState;
import io.atlassmr.protocol.checkpoint.Manifest;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.transfer.StateTransferEvent.Failed;
import io.atlassmr.protocol.transfer.StateTransferEvent.ManifestComplete;
import io.atlassmr.protocol.transfer.StateTransferEvent.MissingPart;
import io.atlassmr.protocol.transfer.StateTransferEvent.PartsMissing;
import io.atlassmr.runtime.checkpoint.CheckpointReader;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.execution.Installation;
import io.atlassmr.runtime.frame.StateTransferFrames.PageContent;
import io.atlassmr.runtime.frame.StateTransferFrames.PartContent;
import io.atlassmr.runtime.frame.StateTransferFrames.PartsContent;
import io.atlassmr.runtime.log.StorageCondition.Use;
import io.atlassmr.runtime.transfer.StateGatherer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A state in RocksDB is fetched to a disk that fills up meanwhile, a real one: the transfer fails with its reason, nothing else
 * does, and with room it goes on from what is there. Needs the right to mount a file system in memory.
 */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class FullDiskTransferTest {

    private static final int STATE_BYTES = 8 << 20;
    private static final int VALUE_BYTES = 1024;

    @TempDir
    private Path directory;

    private final Random random = new Random(5);
    private final List<StateTransferEvent> events = new ArrayList<>();
    private Path disk;
    private RocksDbKvState peerState;
    private CheckpointRun peer;
    private CheckpointReader from;
    private RocksDbKvState state;
    private boolean mounted;

    @BeforeEach
    void fillPeer() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        peerState = RocksDbKvState.open(directory.resolve("peer-state"));
        peer = new CheckpointRun(peerState, directory.resolve("peer"));
        peer.execute(STATE_BYTES / VALUE_BYTES / CheckpointRun.BATCH, this::key, this::value);
        peer.checkpoint();
        peer.awaitWritten();
        from = peer.newest();
    }

    private Bytes key() {
        return Bytes.ofUtf8(String.format("key-%012d", random.nextLong(1L << 40)));
    }

    private Bytes value() {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        return Bytes.copyOf(value);
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }

    private void mount(String size) throws IOException, InterruptedException {
        mounted = succeeds("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString());
        assumeTrue(mounted, "this user may not mount a file system");
        state = RocksDbKvState.open(disk.resolve("state"));
    }

    @AfterEach
    void unmount() throws Exception {
        peer.close();
        peerState.close();
        if (state != null) {
            state.close();
        }
        assertTrue(!mounted || succeeds("umount", disk.toString()));
    }

    /** Puts what is gathered in place, as the execution thread does. */
    private final class Installs implements Executor {

        @Override
        public void install(Installation installation) {
            try {
                ((DivisibleState) state.replicatedState())
                        .restore(installation.source().stateDirectory());
                events.add(new StateTransferEvent.Installed(1, 1, null));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public void start() {}

        @Override
        public void execute(Decision decision, boolean answered) {
            throw new AssertionError("nothing is executed");
        }

        @Override
        public boolean answerAgain(ClientBundle bundle) {
            throw new AssertionError("nobody is answered");
        }

        @Override
        public boolean executeUnordered(ClientId clientId, long number, byte[] operation, long atLeast) {
            throw new AssertionError("nothing is read");
        }

        @Override
        public void close() {}
    }

    /** Gives all that is missing, and returns how much that was; ends where the transfer fails. */
    private int transfer(StateGatherer gatherer) throws IOException {
        long s = from.header().sequenceNumber();
        Manifest manifest = from.manifest();
        events.clear();
        gatherer.begin(from.certificate(), from.header());
        for (int page = 0; page < manifest.pageCount(); page++) {
            gatherer.take(1, new PageContent(s, page, manifest.page(page), manifest.path(page)), List.of());
        }
        assertInstanceOf(ManifestComplete.class, events.getLast());
        List<MissingPart> missing = events.stream()
                .filter(PartsMissing.class::isInstance)
                .flatMap(event -> ((PartsMissing) event).missing().stream())
                .toList();
        for (MissingPart part : missing) {
            PartContent content =
                    new PartContent(part.index(), from.read(manifest.parts().get(part.index())));
            PartsContent parts = new PartsContent(s, List.of(content));
            gatherer.take(1, parts, parts.partDigests());
            if (events.getLast() instanceof Failed) {
                return missing.size();
            }
        }
        gatherer.install(s, s);
        return missing.size();
    }

    /** The first does not hold the parts, the second not their tables besides, which are written once all parts are here. */
    @ParameterizedTest
    @ValueSource(strings = {"4m", "13m"})
    void theTransferGoesOnOnceThereIsRoom(String size) throws Exception {
        mount(size);
        CheckpointStore store = new CheckpointStore(disk.resolve("checkpoints"), state.replicatedState());
        try (store;
                StateGatherer gatherer = new StateGatherer(store, new Installs(), _ -> null, events::add)) {
            int all = transfer(gatherer);
            Failed failed = assertInstanceOf(Failed.class, events.getLast());
            assertTrue(failed.reason().contains("No space left on device"), failed::reason);
            assertTrue(store.condition().report().failures().containsKey(Use.STATE_TRANSFER));

            assertTrue(succeeds("mount", "-o", "remount,size=64m", disk.toString()));
            int left = transfer(gatherer);
            assertTrue(left < all, left + " of " + all + " parts came again");
            assertInstanceOf(StateTransferEvent.Installed.class, events.getLast(), events::toString);
            assertEquals(Map.of(), store.condition().report().failures());
            assertSameEntries();
        }
    }

    private void assertSameEntries() {
        int entries = 0;
        try (var expected = peerState.cursorAt(Bytes.copyOf(new byte[] {0}));
                var actual = state.cursorAt(Bytes.copyOf(new byte[] {0}))) {
            while (expected.advance()) {
                assertTrue(actual.advance());
                assertEquals(expected.key(), actual.key());
                assertArrayEquals(expected.value().toByteArray(), actual.value().toByteArray());
                entries++;
            }
            assertTrue(!actual.advance());
        }
        assertTrue(entries > STATE_BYTES / VALUE_BYTES / 2);
    }
}
