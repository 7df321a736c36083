package io.atlassmr.runtime.reply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.RecordingNetwork;
import io.atlassmr.runtime.fixture.RecordingNetwork.ClientFrame;
import io.atlassmr.runtime.fixture.TestCluster;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReplySenderTest {

    private static final int CAPACITY = 16_384;

    private final RecordingNetwork network = new RecordingNetwork();
    private final BlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();
    private final ReplySigning signing = Replies.signing(0);
    private final ReplySender sender = new ReplySender(signing, network, fatal::add);

    private static List<Long> numbers(ClientFrame frame) {
        return Replies.numbers(Replies.verified(0, frame.to(), frame.frame()));
    }

    private List<ReplySigning.ClientFrame> frame(int client, long number) {
        return List.of(signing.signUnordered(TestCluster.client(client), 0, Replies.ok(number, 0)));
    }

    @Test
    void repliesAreHeldUntilTheirDecisionIsDurable() throws InterruptedException {
        sender.start();
        sender.executed(Replies.executed(1, Replies.to(1, Replies.ok(11, 0))));
        sender.executed(Replies.executed(2, Replies.to(1, Replies.ok(12, 0))));
        assertTrue(sender.send(() -> frame(9, 99)));
        assertEquals(List.of(99L), numbers(network.awaitClientFrame()));
        sender.release(1);
        assertEquals(List.of(11L), numbers(network.awaitClientFrame()));
        assertTrue(sender.send(() -> frame(9, 100)));
        assertEquals(List.of(100L), numbers(network.awaitClientFrame()));
        sender.release(2);
        assertEquals(List.of(12L), numbers(network.awaitClientFrame()));
        sender.close();
    }

    @Test
    void aDecisionMayBeDurableBeforeItIsExecuted() throws InterruptedException {
        sender.start();
        sender.release(2);
        sender.executed(Replies.executed(1, Replies.to(1, Replies.ok(11, 0))));
        sender.executed(Replies.executed(2, Replies.to(1, Replies.ok(12, 0)), Replies.to(2, Replies.ok(1, 0))));
        assertEquals(List.of(11L), numbers(network.awaitClientFrame()));
        assertEquals(List.of(12L), numbers(network.awaitClientFrame()));
        assertEquals(TestCluster.client(2), network.awaitClientFrame().to());
        sender.close();
    }

    @Test
    void aDecisionThatAnswersNobodySendsNothing() throws InterruptedException {
        sender.start();
        sender.release(2);
        sender.executed(Replies.executed(1));
        sender.executed(Replies.executed(2, Replies.to(1, Replies.ok(12, 0))));
        assertEquals(List.of(12L), numbers(network.awaitClientFrame()));
        assertEquals(0, network.waitingClientFrames());
        sender.close();
    }

    @Test
    void closingSendsWhatIsReleasedAndNothingElse() throws InterruptedException {
        sender.executed(Replies.executed(1, Replies.to(1, Replies.ok(11, 0))));
        sender.executed(Replies.executed(2, Replies.to(1, Replies.ok(12, 0))));
        assertTrue(sender.send(() -> frame(9, 99)));
        sender.release(1);
        sender.start();
        sender.close();
        assertEquals(2, network.waitingClientFrames());
    }

    @Test
    void whatFindsNoRoomIsDroppedAndReleasesAreNotLost() throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        sender.executed(Replies.executed(1, Replies.to(1, Replies.ok(11, 0))));
        assertTrue(sender.send(() -> {
            reached.countDown();
            try {
                Await.open(goOn);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return frame(9, 99);
        }));
        sender.start();
        Await.open(reached);
        for (int i = 0; i < CAPACITY; i++) {
            assertTrue(sender.send(() -> frame(8, 88)));
        }
        assertFalse(sender.send(() -> frame(8, 88)));
        sender.release(1);
        goOn.countDown();
        assertEquals(List.of(99L), numbers(network.awaitClientFrame()));
        assertEquals(List.of(11L), numbers(network.awaitClientFrame()));
        sender.close();
    }

    @Test
    void aFailureIsFatalAndBlocksNobody() throws InterruptedException {
        RuntimeException reason = new IllegalStateException("the key is gone");
        sender.start();
        assertTrue(sender.send(() -> {
            throw reason;
        }));
        assertSame(reason, Await.next(fatal));
        for (int i = 1; i <= 2 * CAPACITY; i++) {
            sender.executed(Replies.executed(i));
        }
        sender.close();
    }

    @Test
    void soIsAnErrorOfTheMachine() throws InterruptedException {
        Error reason = new OutOfMemoryError("no heap");
        sender.start();
        assertTrue(sender.send(() -> {
            throw reason;
        }));
        assertSame(reason, Await.next(fatal));
        sender.close();
    }
}
