package io.atlassmr.runtime.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.fixture.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChannelTest {

    private final Channel<String> channel = new Channel<>(2, new WakeUp());

    @Test
    void whatIsPutIsTakenInItsOrder() throws InterruptedException {
        channel.put("first");
        assertTrue(channel.offer("second"));
        assertEquals(2, channel.depth());
        assertEquals("first", channel.poll());
        assertEquals("second", channel.poll());
        assertNull(channel.poll());
        assertTrue(channel.isEmpty());
    }

    @Test
    void aFullOneShedsAndCounts() {
        assertTrue(channel.offer("first"));
        assertTrue(channel.offer("second"));
        assertFalse(channel.offer("third"));
        assertEquals(1, channel.shedCount());
    }

    private Thread putting(String item) {
        return Thread.ofPlatform().start(() -> {
            try {
                channel.put(item);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void whoPutsIntoAFullOneWaitsForRoom() throws InterruptedException {
        channel.put("first");
        channel.put("second");
        Thread third = putting("third");
        Await.waiting(third);
        assertEquals("first", channel.poll());
        Await.ended(third);
        assertEquals("second", channel.poll());
        assertEquals("third", channel.poll());
    }

    @Test
    void nobodyWaitsForRoomInOneThatIsClosed() throws InterruptedException {
        channel.put("first");
        channel.put("second");
        Thread third = putting("third");
        Await.waiting(third);
        channel.close();
        Await.ended(third);
        for (int i = 0; i < 5; i++) {
            channel.put("more");
        }
    }
}
