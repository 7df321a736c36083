package io.atlassmr.runtime.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.checkpoint.CompactPage;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.runtime.checkpoint.CheckpointReader;
import io.atlassmr.runtime.checkpoint.CheckpointScene;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.FilesState;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.frame.StateTransferFrames;
import io.atlassmr.runtime.frame.StateTransferFrames.OfferRequest;
import io.atlassmr.runtime.frame.StateTransferFrames.PagesRequest;
import io.atlassmr.runtime.frame.StateTransferFrames.PartsRequest;
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.wire.v1.PartContent;
import io.atlassmr.wire.v1.PartsAnswer;
import io.atlassmr.wire.v1.PeerMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replica with checkpoint 100, of some session parts and twenty of the application, 1000 bytes each. */
@Timeout(60)
class StateServerTest {

    private static final int PART_BYTES = 1000;

    @TempDir
    Path directory;

    private final GatedNetwork network = new GatedNetwork();
    private Certificate lastDecided;
    private CheckpointScene scene;
    private StateServer server;

    private record Sent(int to, TrafficClass trafficClass, byte[] frame) {}

    /** Keeps what is sent, once the test lets it pass. */
    private static final class GatedNetwork implements ReplicaNetworkNode {
        final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
        final Semaphore passes = new Semaphore(1 << 20);

        @Override
        public void start(NetworkListener listener) {}

        @Override
        public void setPeers(Roster roster) {}

        @Override
        public boolean sendToReplica(int replicaId, TrafficClass trafficClass, byte[] frame) {
            passes.acquireUninterruptibly();
            return sent.add(new Sent(replicaId, trafficClass, frame));
        }

        @Override
        public boolean sendToClient(io.atlassmr.api.ClientId clientId, byte[] frame) {
            throw new AssertionError("no client asked");
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void open() throws IOException {
        FilesState state = new FilesState();
        for (int i = 0; i < 20; i++) {
            byte[] content = new byte[PART_BYTES];
            content[0] = (byte) i;
            state.put("part-" + (char) ('a' + i), content);
        }
        scene = new CheckpointScene(directory.resolve("checkpoints"), state);
        server = server(1L << 40);
    }

    private StateServer server(long maxBytesPerSecond) {
        return new StateServer(scene.store(), () -> lastDecided, () -> 1, network, maxBytesPerSecond);
    }

    @AfterEach
    void close() throws InterruptedException {
        network.passes.release(1 << 20);
        server.close();
        scene.store().close();
    }

    private io.atlassmr.wire.v1.StateTransfer next(int to) throws Exception {
        Sent sent = Await.next(network.sent);
        assertEquals(to, sent.to());
        assertEquals(TrafficClass.STATE_TRANSFER, sent.trafficClass());
        return PeerMessage.parseFrom(sent.frame()).getStateTransfer();
    }

    private static List<Integer> indexes(PartsAnswer answer) {
        return answer.getPartsList().stream().map(PartContent::getIndex).toList();
    }

    private CheckpointReader checkpoint() {
        return scene.store().newest();
    }

    @Test
    void aReplicaWithoutACheckpointOffersWhatItDecidedLast() throws Exception {
        lastDecided =
                TestCluster.decision(7, io.atlassmr.protocol.message.Batch.NOOP).certificate();
        server.serve(3, new OfferRequest());
        assertArrayEquals(
                StateTransferFrames.offer(null, null, lastDecided, 1),
                Await.next(network.sent).frame());
    }

    @Test
    void aReplicaWithoutAnythingSaysSo() throws Exception {
        server.serve(3, new OfferRequest());
        assertArrayEquals(
                StateTransferFrames.offer(null, null, null, 1),
                Await.next(network.sent).frame());
    }

    @Test
    void theNewestStableCheckpointIsOffered() throws Exception {
        Certificate certificate = scene.saveStable(100);
        scene.save(150);
        server.serve(3, new OfferRequest());
        assertArrayEquals(
                StateTransferFrames.offer(certificate, checkpoint().header(), null, 1),
                Await.next(network.sent).frame());
    }

    @Test
    void whoKnowsTheOlderPartsIsToldOfTheOthers() throws Exception {
        scene.saveStable(100);
        scene.answer(1, 1);
        scene.saveStable(200);
        server.serve(3, new PagesRequest(200, List.of(0), 100));
        CompactPage compact = CompactPage.of(checkpoint().manifest().partsOf(0), 100);
        assertArrayEquals(
                StateTransferFrames.page(200, 0, compact, List.of()),
                Await.next(network.sent).frame());
        server.serve(3, new PagesRequest(200, List.of(0), 50));
        assertArrayEquals(
                StateTransferFrames.page(200, 0, checkpoint().manifest().page(0), List.of()),
                Await.next(network.sent).frame());
    }

    @Test
    void pagesAreGivenWithTheirPaths() throws Exception {
        scene.saveStable(100);
        server.serve(3, new PagesRequest(100, List.of(0), 0));
        assertArrayEquals(
                StateTransferFrames.page(100, 0, checkpoint().manifest().page(0), List.of()),
                Await.next(network.sent).frame());
    }

    @Test
    void partsAreGiven() throws Exception {
        scene.saveStable(100);
        server.serve(3, new PartsRequest(100, List.of(2, 0)));
        var answer = next(3).getPartsAnswer();
        assertEquals(100, answer.getSequenceNumber());
        assertEquals(List.of(2, 0), indexes(answer));
        for (var part : answer.getPartsList()) {
            assertArrayEquals(
                    checkpoint().read(checkpoint().manifest().parts().get(part.getIndex())),
                    part.getContent().toByteArray());
        }
    }

    @Test
    void aCheckpointWithADamagedPartIsNotKeptAnyMoreAndReported() throws Exception {
        scene.saveStable(100);
        Path file;
        try (var files = Files.walk(directory)) {
            file = files.filter(each -> each.endsWith("sessions.bin"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] damaged = Files.readAllBytes(file);
        damaged[0] ^= 1;
        Files.write(file, damaged);
        server.serve(3, new PartsRequest(100, List.of(0)));
        assertEquals(100, next(3).getNotKept().getSequenceNumber());
        assertEquals(1, scene.store().condition().report().damaged());
        server.serve(3, new OfferRequest());
        assertArrayEquals(
                StateTransferFrames.offer(null, null, null, 1),
                Await.next(network.sent).frame());
    }

    @Test
    void whatDoesNotExistIsNotGiven() throws Exception {
        scene.saveStable(100);
        server.serve(3, new PagesRequest(100, List.of(-1, 1, Integer.MAX_VALUE), 0));
        server.serve(3, new PartsRequest(100, List.of(-1, 100_000, Integer.MIN_VALUE, 1)));
        assertEquals(List.of(1), indexes(next(3).getPartsAnswer()));
    }

    @Test
    void aCheckpointThatIsNotKeptIsSaidToBeSoOnce() throws Exception {
        scene.saveStable(100);
        network.passes.drainPermits();
        server.serve(2, new OfferRequest());
        server.serve(3, new PartsRequest(90, List.of(0, 1, 2)));
        server.serve(3, new PagesRequest(90, List.of(0), 0));
        server.serve(3, new OfferRequest());
        network.passes.release(10);
        assertTrue(next(2).hasCheckpointOffer());
        List<Object> cases = List.of(next(3).getBodyCase(), next(3).getBodyCase());
        assertEquals(
                List.of(
                        io.atlassmr.wire.v1.StateTransfer.BodyCase.NOT_KEPT,
                        io.atlassmr.wire.v1.StateTransfer.BodyCase.CHECKPOINT_OFFER),
                cases);
    }

    @Test
    void oneThatGoesAwayMeanwhileIsSaidToBeSo() throws Exception {
        scene.saveStable(100);
        network.passes.drainPermits();
        for (int index = 0; index < 3; index++) {
            server.serve(3, new PartsRequest(100, List.of(index)));
        }
        network.passes.release();
        assertEquals(List.of(0), indexes(next(3).getPartsAnswer()));
        scene.saveStable(200);
        network.passes.release(10);
        var answer = next(3);
        while (answer.hasPartsAnswer()) {
            answer = next(3);
        }
        assertEquals(100, answer.getNotKept().getSequenceNumber());
    }

    @Test
    void peersAreServedInTurn() throws Exception {
        scene.saveStable(100);
        network.passes.drainPermits();
        for (int i = 0; i < 100; i++) {
            server.serve(1, new PartsRequest(100, List.of(0)));
        }
        for (int index : new int[] {3, 4, 5}) {
            server.serve(2, new PartsRequest(100, List.of(index)));
        }
        server.serve(3, new OfferRequest());
        network.passes.release(8);
        List<Integer> served = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            served.add(Await.next(network.sent).to());
        }
        assertTrue(
                served.lastIndexOf(2) < 8
                        && served.stream().filter(to -> to == 2).count() == 3,
                "served " + served);
        assertTrue(served.contains(3), "served " + served);
    }

    @Test
    void whatWaitsOfAPeerIsBounded() throws Exception {
        scene.saveStable(100);
        network.passes.drainPermits();
        for (int request = 0; request < 20; request++) {
            server.serve(
                    1, new PartsRequest(100, IntStream.range(0, 256).boxed().toList()));
        }
        server.serve(2, new OfferRequest());
        network.passes.release(1 << 20);
        int parts = 0;
        boolean offered = false;
        // Part indexes beyond the last are passed over in silence.
        int most = 6 * checkpoint().header().partCount();
        while (!offered || network.sent.peek() != null) {
            Sent sent = Await.next(network.sent);
            offered |= sent.to() == 2;
            parts += PeerMessage.parseFrom(sent.frame())
                    .getStateTransfer()
                    .getPartsAnswer()
                    .getPartsCount();
            assertTrue(parts <= most, parts + " parts were given");
        }
    }

    /** A machine may be slower than the rate, but not faster. */
    @Test
    void partsAreGivenNoFasterThanAtTheRate() throws Exception {
        scene.saveStable(100);
        server.close();
        server = server(20_000);
        long startNanos = System.nanoTime();
        for (int index = 1; index <= 6; index++) {
            server.serve(3, new PartsRequest(100, List.of(index)));
        }
        long sizeBytes = 0;
        for (int i = 0; i < 6; i++) {
            sizeBytes += Await.next(network.sent).frame().length;
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        assertTrue(seconds >= sizeBytes / 20_000.0 - 0.05, sizeBytes + " bytes in " + seconds + " s");
    }
}
