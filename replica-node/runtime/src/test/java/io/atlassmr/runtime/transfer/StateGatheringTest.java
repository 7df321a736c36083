package io.atlassmr.runtime.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.checkpoint.CompactPage;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.transfer.StateTransferEvent.Failed;
import io.atlassmr.protocol.transfer.StateTransferEvent.ManifestComplete;
import io.atlassmr.protocol.transfer.StateTransferEvent.MissingPart;
import io.atlassmr.protocol.transfer.StateTransferEvent.PageStored;
import io.atlassmr.protocol.transfer.StateTransferEvent.PartsMissing;
import io.atlassmr.protocol.transfer.StateTransferEvent.PartsStored;
import io.atlassmr.protocol.transfer.StateTransferEvent.Refused;
import io.atlassmr.runtime.checkpoint.CheckpointReader;
import io.atlassmr.runtime.checkpoint.CheckpointScene;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.execution.Installation;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.StreamState;
import io.atlassmr.runtime.frame.StateTransferFrames.CompactPageContent;
import io.atlassmr.runtime.frame.StateTransferFrames.PageContent;
import io.atlassmr.runtime.frame.StateTransferFrames.PartContent;
import io.atlassmr.runtime.frame.StateTransferFrames.PartsContent;
import io.atlassmr.runtime.log.StorageCondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replica that gathers a peer's checkpoint 100: sessions, and a stream of three parts. */
@Timeout(60)
class StateGatheringTest {

    @TempDir
    Path directory;

    private final BlockingQueue<StateTransferEvent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Installation> installations = new LinkedBlockingQueue<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private boolean gated;
    private CheckpointScene scene;
    private CheckpointScene peer;
    private Certificate certificate;
    private CheckpointReader from;
    private StateGathering gathering;

    private final class Installs implements Executor {

        @Override
        public void start() {}

        @Override
        public void execute(Decision decision, boolean answered) {
            throw new AssertionError("nothing is executed");
        }

        @Override
        public void install(Installation installation) {
            installations.add(installation);
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

    @BeforeEach
    void open() throws IOException {
        StreamState state = new StreamState();
        byte[] bytes = new byte[(2 << 20) + 5];
        new Random(3).nextBytes(bytes);
        state.become(bytes);
        peer = new CheckpointScene(directory.resolve("peer"), state);
        peer.answer(1, 1);
        certificate = peer.saveStable(100);
        from = peer.store().newest();
        scene = new CheckpointScene(directory.resolve("own"), new StreamState());
        gathering = new StateGathering(scene.store(), new Installs(), _ -> null, this::tell);
        gathering.start();
    }

    private void tell(StateTransferEvent event) {
        if (gated) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        events.add(event);
    }

    @AfterEach
    void close() throws InterruptedException {
        gate.countDown();
        gathering.close();
        peer.store().close();
        scene.store().close();
    }

    private PageContent page() {
        return new PageContent(100, 0, from.manifest().page(0), from.manifest().path(0));
    }

    private PartsContent part(int index) throws IOException {
        return new PartsContent(100, List.of(content(index)));
    }

    private PartContent content(int index) throws IOException {
        return new PartContent(index, from.read(from.manifest().parts().get(index)));
    }

    /** The manifest is here; returns what is missing. */
    private List<MissingPart> withManifest() throws InterruptedException {
        gathering.begin(certificate, from.header());
        gathering.give(1, page());
        assertEquals(new PageStored(1, 100, 0), Await.next(events));
        List<MissingPart> missing =
                assertInstanceOf(PartsMissing.class, Await.next(events)).missing();
        assertInstanceOf(ManifestComplete.class, Await.next(events));
        return missing;
    }

    @Test
    void aCheckpointIsGatheredAndPutInPlace() throws Exception {
        List<MissingPart> missing = withManifest();
        assertEquals(from.header().partCount(), missing.size());
        for (MissingPart part : missing) {
            gathering.give(2, part(part.index()));
            assertEquals(new PartsStored(2, 100, List.of(part.index())), Await.next(events));
        }
        gathering.install(100, 120);
        Installation installation = Await.next(installations);
        assertEquals(120, installation.replayTo());
        assertEquals(from.header(), installation.source().header());
        try (var stream = installation.source().openState()) {
            assertArrayEquals(restored(), stream.readAllBytes());
        }
        assertEquals(certificate, scene.store().newest().certificate());
    }

    private byte[] restored() throws IOException {
        try (var stream = peer.store().source(100).openState()) {
            return stream.readAllBytes();
        }
    }

    @Test
    void whatWasGatheredBeforeCounts() throws Exception {
        withManifest();
        gathering.give(1, part(1));
        assertEquals(new PartsStored(1, 100, List.of(1)), Await.next(events));
        gathering.begin(certificate, from.header());
        gathering.give(2, page());
        assertEquals(new PageStored(2, 100, 0), Await.next(events));
        PartsMissing missing = assertInstanceOf(PartsMissing.class, Await.next(events));
        assertTrue(missing.missing().stream().noneMatch(part -> part.index() == 1));
        assertEquals(new ManifestComplete(100, from.manifest().parts().get(1).sizeBytes()), Await.next(events));
    }

    @Test
    void aWrongPageIsRefused() throws Exception {
        gathering.begin(certificate, from.header());
        gathering.give(1, new PageContent(100, 0, new byte[] {1, 2, 3}, List.of()));
        assertInstanceOf(Refused.class, Await.next(events));
        gathering.give(2, new PageContent(100, -7, page().content(), List.of()));
        assertInstanceOf(Refused.class, Await.next(events));
        gathering.give(3, page());
        assertEquals(new PageStored(3, 100, 0), Await.next(events));
    }

    @Test
    void aWrongPartIsRefusedWithItsGiver() throws Exception {
        withManifest();
        byte[] wrong = content(1).content().clone();
        wrong[0] ^= 1;
        gathering.give(3, new PartsContent(100, List.of(content(0), new PartContent(1, wrong), content(2))));
        assertEquals(new PartsStored(3, 100, List.of(0)), Await.next(events));
        assertEquals(new Refused(3, 100, "part 1 is not the certificate's"), Await.next(events));
        gathering.give(3, new PartsContent(100, List.of(new PartContent(1 << 30, wrong))));
        assertEquals(new Refused(3, 100, "part 1073741824 was not asked for"), Await.next(events));
    }

    @Test
    void aPartBeforeTheManifestIsRefused() throws Exception {
        gathering.begin(certificate, from.header());
        gathering.give(1, part(0));
        assertEquals(new Refused(1, 100, "part 0 was not asked for"), Await.next(events));
    }

    @Test
    void whatBelongsToAnotherCheckpointIsIgnored() throws Exception {
        gathering.give(1, page());
        gathering.begin(certificate, from.header());
        gathering.give(1, new PageContent(99, 0, new byte[0], List.of()));
        gathering.install(99, 0);
        gathering.give(1, page());
        assertEquals(new PageStored(1, 100, 0), Await.next(events));
        assertNull(installations.peek());
    }

    @Test
    void theManifestIsReportedOnceHoweverOftenItComes() throws Exception {
        withManifest();
        gathering.give(2, page());
        gathering.give(2, part(0));
        assertEquals(new PageStored(2, 100, 0), Await.next(events));
        assertEquals(new PartsStored(2, 100, List.of(0)), Await.next(events));
    }

    @Test
    void aDiskThatFailsFailsTheTransferAndTheNextMaySucceed() throws Exception {
        Path inTheWay = directory.resolve("own").resolve("transfer");
        Files.write(inTheWay, new byte[] {1});
        gathering.begin(certificate, from.header());
        assertEquals(100, assertInstanceOf(Failed.class, Await.next(events)).sequenceNumber());
        assertEquals(
                Set.of(StorageCondition.Use.STATE_TRANSFER),
                scene.store().condition().report().failures().keySet());
        gathering.give(1, page());
        Files.delete(inTheWay);
        assertEquals(from.header().partCount(), withManifest().size());
    }

    @Test
    void whatIsOfNoUseTwiceIsGatheredFromNothing() throws Exception {
        // Where the sessions should be, what cannot be read as such.
        Files.createDirectories(directory
                .resolve("own")
                .resolve("transfer")
                .resolve("sessions.bin")
                .resolve("rubbish"));
        for (int attempt = 1; attempt <= 2; attempt++) {
            gathering.begin(certificate, from.header());
            gathering.give(1, page());
            assertEquals(new PageStored(1, 100, 0), Await.next(events));
            assertInstanceOf(Failed.class, Await.next(events));
        }
        assertEquals(from.header().partCount(), withManifest().size());
    }

    @Test
    void anIncompleteCheckpointIsNotInstalled() throws Exception {
        withManifest();
        gathering.give(1, part(0));
        assertEquals(new PartsStored(1, 100, List.of(0)), Await.next(events));
        gathering.install(100, 100);
        assertInstanceOf(Failed.class, Await.next(events));
        assertNull(installations.peek());
        assertNull(scene.store().newest());
    }

    @Test
    void whatComesFasterThanItIsWrittenIsDroppedBeyondABound() throws Exception {
        withManifest();
        gated = true;
        gathering.give(9, part(0));
        int parts = 200;
        for (int i = 0; i < parts; i++) {
            gathering.give(1, part(1));
        }
        gate.countDown();
        gathering.close();
        List<StateTransferEvent> stored = new ArrayList<>(events);
        assertTrue(stored.size() <= 2 + 64, stored.size() + " parts were kept waiting");
        assertTrue(stored.size() >= 60, stored.size() + " parts were taken");
    }

    @Test
    void aPageInShortThatIsNoUseIsAskedForAgainAndRefusedThen() throws Exception {
        gathering.begin(certificate, from.header());
        CompactPage compact = CompactPage.of(from.manifest().partsOf(0), Long.MAX_VALUE);
        CompactPageContent content =
                new CompactPageContent(100, 0, compact, from.manifest().path(0));
        gathering.give(1, content);
        assertEquals(new StateTransferEvent.PageUnresolved(1, 100, 0), Await.next(events));
        gathering.give(1, content);
        assertInstanceOf(Refused.class, Await.next(events));
        gathering.give(2, page());
        assertEquals(new PageStored(2, 100, 0), Await.next(events));
        assertInstanceOf(PartsMissing.class, Await.next(events));
        assertInstanceOf(ManifestComplete.class, Await.next(events));
    }
}
