package io.atlassmr.server.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OutgoingFeedTest {

    private final OutgoingFeed<Integer, String> feed = new OutgoingFeed<>("test", 4, 100, String::valueOf);
    private final Consumer consumer = new Consumer();

    @AfterEach
    void close() {
        feed.close();
    }

    @Test
    void keepsNothingWhileNobodyListens() {
        feed.offer(1, 10);

        assertEquals(0, feed.depth());
        assertEquals(0, feed.dropped());
    }

    @Test
    void givesTheConsumerAsManyAsItAsksFor() throws Exception {
        feed.events().subscribe(consumer);
        consumer.request(2);
        for (int i = 1; i <= 3; i++) {
            feed.offer(i, 10);
        }

        assertEquals(List.of("1", "2"), consumer.await(2));
        assertEquals(1, feed.depth());
        consumer.request(1);
        assertEquals(List.of("3"), consumer.await(1));
    }

    @Test
    void dropsAndCountsWhatASlowConsumerLeavesNoRoomFor() throws Exception {
        feed.events().subscribe(consumer);
        for (int i = 1; i <= 6; i++) {
            feed.offer(i, 10);
        }
        assertEquals(2, feed.dropped());

        consumer.request(10);
        assertEquals(List.of("1", "2", "3", "4"), consumer.await(4));
        feed.offer(7, 10);

        assertEquals(List.of("7"), consumer.await(1));
    }

    @Test
    void boundsTheBytesThatWaitButTakesASingleLargeItem() throws Exception {
        feed.events().subscribe(consumer);
        feed.offer(1, 1000);
        feed.offer(2, 10);
        assertEquals(1, feed.dropped());

        consumer.request(10);

        assertEquals(List.of("1"), consumer.await(1));
    }

    @Test
    void keepsNothingOnceTheConsumerHasLeft() {
        feed.events().subscribe(consumer);
        consumer.leave();

        feed.offer(1, 10);

        assertEquals(0, feed.depth());
    }

    private static final class Consumer implements Flow.Subscriber<String> {

        private final BlockingQueue<String> items = new LinkedBlockingQueue<>();
        private Flow.Subscription subscription;

        void request(long count) {
            subscription.request(count);
        }

        void leave() {
            subscription.cancel();
        }

        List<String> await(int count) throws InterruptedException {
            List<String> taken = new ArrayList<>();
            while (taken.size() < count) {
                taken.add(items.take());
            }
            return taken;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(String item) {
            items.add(item);
        }

        @Override
        public void onError(Throwable failure) {
            items.add(failure.toString());
        }

        @Override
        public void onComplete() {}
    }
}
