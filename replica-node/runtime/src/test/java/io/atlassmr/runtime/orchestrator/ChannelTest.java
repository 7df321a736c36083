package io.atlassmr.runtime.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.fixture.Await;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChannelTest {

    private final WakeUp wakeUp = new WakeUp();
    private final Channel<String> channel = new Channel<>(2, wakeUp);

    @Test
    void itemsComeOutInOrder() throws InterruptedException {
        channel.put("a");
        assertTrue(channel.offer("b"));
        assertEquals(2, channel.depth());
        assertEquals("a", channel.poll());
        assertEquals("b", channel.poll());
        assertNull(channel.poll());
        assertTrue(channel.isEmpty());
    }

    @Test
    void aFullChannelShedsAndCounts() {
        assertTrue(channel.offer("a"));
        assertTrue(channel.offer("b"));
        assertFalse(channel.offer("c"));
        assertFalse(channel.offer("d"));
        assertEquals(2, channel.shedCount());
        assertEquals("a", channel.poll());
        assertTrue(channel.offer("e"));
        assertEquals(2, channel.shedCount());
    }

    @Test
    void aProducerMayWaitForRoomInstead() throws InterruptedException {
        channel.put("a");
        channel.put("b");
        Thread producer = Thread.ofPlatform().start(() -> {
            try {
                channel.put("c");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Await.waiting(producer);
        assertEquals("a", channel.poll());
        Await.ended(producer);
        assertEquals("b", channel.poll());
        assertEquals("c", channel.poll());
        assertEquals(0, channel.shedCount());
    }

    @Test
    void anItemWakesTheSleeper() throws InterruptedException {
        Thread sleeper = Thread.ofPlatform().start(() -> {
            while (channel.isEmpty()) {
                wakeUp.await(TimeUnit.HOURS.toNanos(1), channel::isEmpty);
            }
        });
        Await.waiting(sleeper);
        assertTrue(channel.offer("a"));
        Await.ended(sleeper);
    }

    @Test
    void nobodySleepsWhileThereIsSomething() {
        assertTrue(channel.offer("a"));
        wakeUp.await(TimeUnit.HOURS.toNanos(1), channel::isEmpty);
        assertFalse(channel.isEmpty());
    }

    @Test
    void noTimeIsNoSleep() {
        wakeUp.await(0, channel::isEmpty);
        wakeUp.await(-1, channel::isEmpty);
        assertTrue(channel.isEmpty());
    }

    @Test
    void nobodyWaitsForRoomInAClosedChannel() throws InterruptedException {
        channel.put("a");
        channel.put("b");
        Thread producer = Thread.ofPlatform().start(() -> {
            try {
                channel.put("c");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Await.waiting(producer);
        channel.close();
        Await.ended(producer);
        for (int i = 0; i < 5; i++) {
            channel.put("more");
        }
    }
}
