package io.atlassmr.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.atlassmr.api.MonolithicState;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.runtime.execution.StateCapture;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.StreamState;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CheckpointWorkerTest {

    @TempDir
    Path directory;

    private final BlockingQueue<Long> taken = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> closed = new LinkedBlockingQueue<>();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private CheckpointStore store;
    private CheckpointWorker worker;

    private interface Writing {
        void to(OutputStream output) throws IOException;
    }

    @BeforeEach
    void open() throws IOException {
        store = new CheckpointStore(directory, new StreamState().state());
        worker = new CheckpointWorker(store, (sequenceNumber, _) -> taken.add(sequenceNumber), ReplicaMetrics.none());
    }

    @AfterEach
    void close() throws InterruptedException {
        goOn.countDown();
        worker.close();
        store.close();
    }

    private StateCapture capture(long sequenceNumber, Writing writing) {
        return new StateCapture(
                sequenceNumber,
                0,
                Digest.ZERO,
                TestCluster.reconfiguration(),
                new SessionTable(SessionLimits.defaults()).capture(),
                new StateCapture.Monolithic(new MonolithicState.Image() {
                    @Override
                    public void writeTo(OutputStream output) throws IOException {
                        writing.to(output);
                    }

                    @Override
                    public void close() {
                        closed.add(sequenceNumber);
                    }
                }));
    }

    private StateCapture capture(long sequenceNumber) {
        return capture(sequenceNumber, output -> output.write(1));
    }

    private StateCapture slow(long sequenceNumber) {
        return capture(sequenceNumber, output -> {
            reached.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
    }

    @Test
    void whatIsSavedIsToldAndClosed() throws InterruptedException {
        worker.start();
        worker.save(capture(100));
        assertEquals(100, Await.next(taken));
        assertEquals(100, Await.next(closed));
    }

    @Test
    void whatIsStableIsKeptAfterItWasSaved() throws Exception {
        worker.start();
        worker.save(capture(100));
        assertEquals(100, Await.next(taken));
        Digest digest;
        try (StateCapture again = capture(100)) {
            digest = store.save(again);
        }
        worker.keep(CheckpointScene.certificate(100, digest), 100);
        worker.save(capture(200));
        assertEquals(200, Await.next(taken));
        assertEquals(100, store.newest().header().sequenceNumber());
    }

    @Test
    void oneThatCannotBeWrittenIsSkippedAndClosed() throws InterruptedException {
        worker.start();
        worker.save(capture(100, _ -> {
            throw new IOException("No space left on device");
        }));
        worker.save(capture(200, _ -> {
            throw new IllegalStateException("a bug of the application");
        }));
        worker.save(capture(300));
        assertEquals(300, Await.next(taken));
        assertEquals(List.of(100L, 200L, 300L), List.of(Await.next(closed), Await.next(closed), Await.next(closed)));
        assertNull(taken.peek());
    }

    @Test
    void beyondABoundCapturesAreSkippedAndClosedAtOnce() throws InterruptedException {
        worker.start();
        worker.save(slow(100));
        Await.open(reached);
        for (long s = 200; s <= 500; s += 100) {
            worker.save(capture(s));
        }
        assertEquals(500, Await.next(closed));
        goOn.countDown();
        for (long s = 100; s <= 400; s += 100) {
            assertEquals(s, Await.next(taken));
        }
        worker.save(capture(600));
        assertEquals(600, Await.next(taken));
    }

    @Test
    void whatCannotBeKeptStopsNothing() throws InterruptedException {
        worker.start();
        worker.keep(CheckpointScene.certificate(100, Digest.ZERO), 100);
        worker.save(capture(200));
        assertEquals(200, Await.next(taken));
    }
}
