package io.atlassmr.transport.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutboundQueuesTest {

    private static final int MAX_FRAMES = 3;
    private static final int MAX_BYTES = 100;
    private static final Optional<Drop> QUEUED = Optional.empty();

    private final OutboundQueues queues =
            new OutboundQueues(FrameLimits.of(Map.of(1, 1_000, 2, 1_000)), MAX_FRAMES, MAX_BYTES);

    @Test
    void framesOfAClassComeOutInTheirOrder() {
        queues.offer(1, new byte[] {1});
        queues.offer(1, new byte[] {2});
        assertEquals(1, queues.poll().payload()[0]);
        assertEquals(2, queues.poll().payload()[0]);
        assertNull(queues.poll());
    }

    @Test
    void lowerClassesOvertakeHigherOnes() {
        queues.offer(2, new byte[] {2});
        queues.offer(1, new byte[] {1});
        assertEquals(1, queues.poll().frameClass());
        assertEquals(2, queues.poll().frameClass());
    }

    @Test
    void eachClassHoldsSoManyFrames() {
        for (int i = 0; i < MAX_FRAMES; i++) {
            assertEquals(QUEUED, queues.offer(1, new byte[0]));
        }
        assertEquals(Optional.of(Drop.QUEUE_FULL), queues.offer(1, new byte[0]));
        assertEquals(QUEUED, queues.offer(2, new byte[0]));
    }

    @Test
    void eachClassHoldsSoManyBytes() {
        assertEquals(QUEUED, queues.offer(1, new byte[MAX_BYTES - 1]));
        assertEquals(Optional.of(Drop.QUEUE_FULL), queues.offer(1, new byte[2]));
        assertEquals(QUEUED, queues.offer(1, new byte[1]));
        assertEquals(QUEUED, queues.offer(2, new byte[MAX_BYTES]));
    }

    @Test
    void whatIsTakenMakesRoom() {
        queues.offer(1, new byte[MAX_BYTES]);
        queues.poll();
        assertEquals(QUEUED, queues.offer(1, new byte[MAX_BYTES]));
    }

    @Test
    void oneFrameFitsWhateverItsSize() {
        assertEquals(QUEUED, queues.offer(1, new byte[MAX_BYTES + 1]));
        assertEquals(Optional.of(Drop.QUEUE_FULL), queues.offer(1, new byte[0]));
    }

    @Test
    void whatNoReceiverTakesIsNotQueued() {
        assertEquals(Optional.of(Drop.NOT_SENDABLE), queues.offer(1, new byte[1_001]));
        assertEquals(Optional.of(Drop.NOT_SENDABLE), queues.offer(3, new byte[0]));
        assertEquals(Optional.of(Drop.NOT_SENDABLE), queues.offer(-1, new byte[0]));
        assertEquals(Optional.of(Drop.NOT_SENDABLE), queues.offer(32, new byte[0]));
        assertEquals(Optional.of(Drop.NOT_SENDABLE), queues.offer(FrameLimits.CONTROL_CLASS, new byte[1]));
        assertTrue(queues.isEmpty());
    }

    @Test
    void aClosedQueueTakesNothingAndGivesWhatItHas() {
        queues.offer(1, new byte[] {7});
        queues.close();
        assertEquals(Optional.of(Drop.NOT_CONNECTED), queues.offer(1, new byte[0]));
        assertFalse(queues.isEmpty());
        assertEquals(7, queues.poll().payload()[0]);
    }
}
