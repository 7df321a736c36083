package io.atlassmr.runtime.preprocessing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.preprocessing.FairLanes.Bound;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FairLanesTest {

    private static final int TURN = 16;

    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private FairLanes<String> lanes = lanes(1, Bound.NONE, Bound.NONE);

    private static FairLanes<String> lanes(int threads, Bound ofSender, Bound ofAll) {
        return new FairLanes<>("test-lane-", threads, ofSender, ofAll);
    }

    private void use(int threads, Bound ofSender, Bound ofAll) {
        lanes.close();
        lanes = lanes(threads, ofSender, ofAll);
    }

    @AfterEach
    void close() {
        lanes.close();
    }

    private boolean submit(String sender, int sizeBytes, String name) {
        return lanes.submit(sender, sizeBytes, () -> done.add(name));
    }

    /** Keeps the only thread busy until the latch opens. */
    private CountDownLatch block() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        assertTrue(lanes.submit("blocker", 0, () -> {
            running.countDown();
            try {
                Await.open(goOn);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        Await.open(running);
        return goOn;
    }

    private List<String> next(int count) throws InterruptedException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(Await.next(done));
        }
        return names;
    }

    @Test
    void aSendersWorkIsDoneInOrder() throws InterruptedException {
        use(4, Bound.NONE, Bound.NONE);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 10 * TURN; i++) {
            expected.add("a" + i);
            assertTrue(submit("a", 1, "a" + i));
        }
        assertEquals(expected, next(expected.size()));
    }

    @Test
    void aSenderThatFloodsDoesNotDelayAnother() throws InterruptedException {
        CountDownLatch goOn = block();
        for (int i = 0; i < 1000; i++) {
            assertTrue(submit("flood", 1, "flood"));
        }
        assertTrue(submit("quiet", 1, "quiet"));
        goOn.countDown();
        assertEquals(TURN, next(1001).indexOf("quiet"));
    }

    @Test
    void noSenderIsServedByTwoThreadsAtOnce() throws InterruptedException {
        use(4, Bound.NONE, Bound.NONE);
        Map<String, AtomicInteger> inside = new HashMap<>();
        AtomicBoolean overlapped = new AtomicBoolean();
        CountDownLatch all = new CountDownLatch(4000);
        for (int i = 0; i < 4000; i++) {
            String sender = "s" + i % 8;
            AtomicInteger ofSender = inside.computeIfAbsent(sender, _ -> new AtomicInteger());
            assertTrue(lanes.submit(sender, 1, () -> {
                if (ofSender.incrementAndGet() > 1) {
                    overlapped.set(true);
                }
                ofSender.decrementAndGet();
                all.countDown();
            }));
        }
        Await.open(all);
        assertFalse(overlapped.get());
    }

    @Test
    void aSendersPiecesAreBounded() throws InterruptedException {
        use(1, new Bound(2, 1000), Bound.NONE);
        CountDownLatch goOn = block();
        assertTrue(submit("a", 1, "a1"));
        assertTrue(submit("a", 1, "a2"));
        assertFalse(submit("a", 1, "a3"));
        assertTrue(submit("b", 1, "b1"));
        goOn.countDown();
        assertEquals(List.of("a1", "a2", "b1"), next(3));
        assertTrue(submit("a", 1, "a4"));
        assertEquals(List.of("a4"), next(1));
    }

    @Test
    void aSendersBytesAreBoundedButOnePieceAlwaysFits() throws InterruptedException {
        use(1, new Bound(10, 1000), Bound.NONE);
        CountDownLatch goOn = block();
        assertTrue(submit("a", 5000, "a1"));
        assertFalse(submit("a", 1, "a2"));
        assertTrue(submit("b", 600, "b1"));
        assertTrue(submit("b", 400, "b2"));
        assertFalse(submit("b", 1, "b3"));
        goOn.countDown();
        assertEquals(List.of("a1", "b1", "b2"), next(3));
    }

    @Test
    void allPiecesTogetherAreBounded() throws InterruptedException {
        use(1, Bound.NONE, new Bound(2, 1000));
        CountDownLatch goOn = block();
        assertTrue(submit("a", 1, "a1"));
        assertTrue(submit("b", 1, "b1"));
        assertFalse(submit("c", 1, "c1"));
        assertEquals(2, lanes.depth());
        goOn.countDown();
        assertEquals(List.of("a1", "b1"), next(2));
        assertTrue(submit("c", 1, "c2"));
        assertEquals(List.of("c2"), next(1));
        assertEquals(0, lanes.depth());
    }

    @Test
    void allBytesTogetherAreBounded() throws InterruptedException {
        use(1, Bound.NONE, new Bound(10, 1000));
        CountDownLatch goOn = block();
        assertTrue(submit("a", 600, "a1"));
        assertFalse(submit("b", 600, "b1"));
        assertTrue(submit("b", 400, "b2"));
        goOn.countDown();
        assertEquals(List.of("a1", "b2"), next(2));
    }

    @Test
    void workThatFailsBadlyDoesNotSilenceItsSender() throws InterruptedException {
        assertTrue(lanes.submit("a", 1, () -> {
            throw new StackOverflowError("while a test fails on purpose");
        }));
        assertTrue(submit("a", 1, "a1"));
        assertEquals(List.of("a1"), next(1));
        assertTrue(submit("a", 1, "a2"));
        assertEquals(List.of("a2"), next(1));
    }

    @Test
    void closingDropsWhatWaits() throws InterruptedException {
        CountDownLatch goOn = block();
        assertTrue(submit("a", 1, "a1"));
        lanes.close();
        goOn.countDown();
        assertTrue(done.isEmpty());
    }
}
