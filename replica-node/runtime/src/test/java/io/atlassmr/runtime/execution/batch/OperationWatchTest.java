package io.atlassmr.runtime.execution.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.api.OrderedContext;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.TestCluster;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** With a deadline of ten milliseconds, by a clock of the test's. */
class OperationWatchTest {

    private final AtomicLong nowMillis = new AtomicLong(1000);
    private final OperationWatch watch = new OperationWatch(10, () -> TimeUnit.MILLISECONDS.toNanos(nowMillis.get()));

    private static OrderedContext context(int index) {
        return new OrderedContext(7, index, 1000, TestCluster.client(3));
    }

    @Test
    void anOperationIsOverdueOnceItRunsForLongerThanTheDeadline() {
        watch.begin(context(2));
        nowMillis.addAndGet(10);
        assertEquals(Optional.empty(), watch.overdue());
        nowMillis.addAndGet(15);
        assertEquals(
                "operation 2 of decision 7, of client 0303030303030303, has been running for 25 ms",
                watch.overdue().orElseThrow().describe());
        assertEquals(TimeUnit.MILLISECONDS.toNanos(25), watch.end());
        assertEquals(Optional.empty(), watch.overdue());
        assertEquals(1, watch.slowOperations());
    }

    @Test
    void ofSeveralTheOneThatRunsLongestIsTold() throws InterruptedException {
        watch.begin(context(1));
        nowMillis.addAndGet(5);
        Await.ended(Thread.ofPlatform().start(() -> watch.begin(context(2))));
        nowMillis.addAndGet(20);
        assertEquals(1, watch.overdue().orElseThrow().context().indexInBatch());
        watch.end();
        assertEquals(2, watch.overdue().orElseThrow().context().indexInBatch());
    }

    @Test
    void whatTakesNoLongerIsNotSlow() {
        watch.begin(context(0));
        nowMillis.addAndGet(10);
        watch.end();
        assertEquals(0, watch.slowOperations());
        assertThrows(IllegalStateException.class, watch::end);
    }
}
