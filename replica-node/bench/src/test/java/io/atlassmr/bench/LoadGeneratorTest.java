package io.atlassmr.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void aClosedLoopStartsOneWhenAnotherEnds() {
        FakeService service = new FakeService(Duration.ofMillis(1));
        LoadReport report = service.run(new LoadSettings(1, 1, 0, SECOND, SECOND, 0));
        assertEquals(1000.0, (double) report.completed(), 1.0);
        assertEquals(1000, report.throughputPerSecond(), 1);
        assertEquals(1, report.p50Millis(), 0.01);
        assertEquals(Map.of(), report.errors());
    }

    @Test
    void anOpenLoopKeepsItsRate() {
        FakeService service = new FakeService(Duration.ZERO);
        LoadReport report = service.run(new LoadSettings(5, 10, 0, SECOND, SECOND.multipliedBy(2), 500));
        assertEquals(1000.0, (double) report.completed(), 2.0);
        assertTrue(report.maxMillis() < 3, report.toJson());
    }

    @Test
    void anOpenLoopCountsWhatAStallDelays() {
        FakeService service = new FakeService(Duration.ZERO);
        service.stallAtOperation = 500;
        service.stall = Duration.ofMillis(500);
        LoadReport report = service.run(new LoadSettings(1, 1, 0, Duration.ZERO, SECOND.multipliedBy(2), 1000));
        assertEquals(500, report.maxMillis(), 5);
        assertTrue(report.p90Millis() > 200, report.toJson());
    }

    @Test
    void readsAreAShareOfTheOperations() {
        FakeService service = new FakeService(Duration.ofMillis(1));
        service.run(new LoadSettings(1, 1, 30, Duration.ZERO, SECOND, 0));
        assertEquals(300, service.reads, 2);
        assertEquals(700, service.writes, 2);
    }

    @Test
    void failuresAreCountedByKindAndDoNotSpin() {
        FakeService service = new FakeService(Duration.ZERO);
        service.failure = new IllegalStateException("no");
        LoadReport report = service.run(new LoadSettings(1, 1, 0, Duration.ZERO, SECOND, 0));
        assertEquals(0, report.completed());
        assertEquals(100.0, (double) report.errors().get("IllegalStateException"), 20.0);
        assertTrue(report.toJson().contains("\"errors\":{\"IllegalStateException\":"), report.toJson());
    }

    @Test
    void aLoadThatIsStoppedEndsBeforeItsTime() {
        FakeService service = new FakeService(Duration.ofMillis(1));
        LoadReport report = service.runAndStopAt(100, new LoadSettings(1, 1, 0, Duration.ZERO, SECOND, 0));
        assertEquals(100.0, (double) report.completed(), 2.0);
    }

    @Test
    void theListenerHearsOfWarmUpMeasurementAndEnd() {
        List<String> heard = new ArrayList<>();
        LoadListener listener = new LoadListener() {
            @Override
            public void measuringBegins() {
                heard.add("begins");
            }

            @Override
            public void progress(long measuredNanos, long completed, long failed) {
                heard.add(measuredNanos < 0 ? "warm-up" : "measuring");
            }

            @Override
            public void measuringEnds() {
                heard.add("ends");
            }
        };
        FakeService service = new FakeService(Duration.ofMillis(1));
        new LoadGenerator(new LoadSettings(1, 1, 0, SECOND, SECOND, 500), Operations.ofSize(0), service)
                .run(index -> service, listener);
        assertEquals(
                List.of("warm-up", "begins", "measuring", "ends"),
                heard.stream().distinct().toList());
    }

    /** Answers in the caller's thread after moving the clock on. */
    private static final class FakeService implements LoadTarget, LoadClock {

        private final Duration serviceTime;
        private long nanos;
        private int reads;
        private int writes;
        private int stallAtOperation = -1;
        private Duration stall = Duration.ZERO;
        private RuntimeException failure;
        private Runnable atOperation = () -> {};

        FakeService(Duration serviceTime) {
            this.serviceTime = serviceTime;
        }

        LoadReport run(LoadSettings settings) {
            return new LoadGenerator(settings, Operations.ofSize(16), this).run(index -> this);
        }

        LoadReport runAndStopAt(int operation, LoadSettings settings) {
            LoadGenerator generator = new LoadGenerator(settings, Operations.ofSize(16), this);
            atOperation = () -> {
                if (reads + writes == operation) {
                    generator.stop();
                }
            };
            return generator.run(index -> this);
        }

        @Override
        public CompletableFuture<byte[]> executeOrdered(byte[] operation) {
            writes++;
            return answer();
        }

        @Override
        public CompletableFuture<byte[]> executeUnordered(byte[] operation) {
            reads++;
            return answer();
        }

        private CompletableFuture<byte[]> answer() {
            nanos += serviceTime.toNanos();
            atOperation.run();
            if (reads + writes == stallAtOperation) {
                nanos += stall.toNanos();
            }
            return failure == null
                    ? CompletableFuture.completedFuture(new byte[0])
                    : CompletableFuture.failedFuture(failure);
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void waitNanos(long toWait) {
            nanos += toWait;
        }

        @Override
        public void close() {}
    }
}
