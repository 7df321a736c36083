package io.atlassmr.runtime.execution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.Application;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.recovery.CheckpointWishes;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.fixture.FilesState;
import io.atlassmr.runtime.fixture.StreamState;
import io.atlassmr.runtime.fixture.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of an execution, and executions that begin from one. A checkpoint is due every 20 decisions. */
class ReplayTest {

    private static final int INTERVAL = 20;

    @TempDir
    Path directory;

    /** A replica that executes decisions and keeps its checkpoints. */
    private final class Site {
        final Application application;
        final OrderedExecution execution;
        final CheckpointStore store;
        final Map<Long, Digest> taken = new TreeMap<>();

        Site(String name, Application application) throws IOException {
            this.application = application;
            this.execution = new OrderedExecution(
                    application, new SessionTable(SessionLimits.defaults()), TestCluster.reconfiguration(INTERVAL));
            this.store = new CheckpointStore(directory.resolve(name), application.state());
        }

        void execute(long from, long to) throws IOException {
            for (long s = from; s <= to; s++) {
                execute(decision(s));
            }
        }

        void execute(Decision decision) throws IOException {
            ExecutedBatch executed = execution.execute(decision);
            if (execution.isCheckpointDue()) {
                try (StateCapture capture = execution.capture()) {
                    taken.put(executed.sequenceNumber(), store.save(capture));
                }
            }
        }

        OrderedExecution.StateSource checkpoint(long sequenceNumber) throws IOException {
            store.stable(new Certificate(0, sequenceNumber, taken.get(sequenceNumber), List.of()), sequenceNumber);
            return store.source(sequenceNumber);
        }
    }

    private static Decision decision(long sequenceNumber) {
        return decision(sequenceNumber, false);
    }

    /** Sets part "op" and a number that comes again after seven decisions. */
    private static Decision decision(long sequenceNumber, boolean checkpoint) {
        return TestCluster.decision(
                sequenceNumber,
                BatchCodec.encode(
                        1000 + sequenceNumber,
                        checkpoint,
                        List.of(TestCluster.bundle((int) (sequenceNumber / 7), 1 + sequenceNumber % 7))));
    }

    @Test
    void aCheckpointIsDueAtEveryInterval() throws IOException {
        Site site = new Site("one", new StreamState());
        site.execute(1, 65);
        assertEquals(List.of(20L, 40L, 60L), List.copyOf(site.taken.keySet()));
        assertFalse(new Site("new", new StreamState()).execution.isCheckpointDue());
    }

    @Test
    void aBatchThatAsksForACheckpointGetsItAtADistance() throws IOException {
        Site site = new Site("one", new StreamState());
        site.execute(1, 20);
        List<Long> places = new ArrayList<>();
        for (long s = 21; s <= 60; s++) {
            site.execute(decision(s, true));
            if (site.execution.isCheckpointDue()) {
                places.add(s);
            }
        }
        long asked = 20 + CheckpointWishes.MIN_DISTANCE;
        assertEquals(List.of(asked, 40L, 40L + CheckpointWishes.MIN_DISTANCE, 60L), places);
    }

    @Test
    void equalHistoriesHaveEqualCheckpoints() throws IOException {
        Site first = new Site("first", new FilesState());
        Site second = new Site("second", new FilesState());
        first.execute(1, 60);
        second.execute(1, 60);
        assertEquals(first.taken, second.taken);
        assertEquals(3, Map.copyOf(first.taken).values().stream().distinct().count());
    }

    @Test
    void anExecutionGoesOnFromACheckpointAsIfItHadBeenThereAllTheTime() throws IOException {
        Site first = new Site("first", new FilesState());
        first.execute(1, 40);
        Site second = new Site("second", new FilesState());
        second.execution.restore(first.checkpoint(40));
        assertEquals(40, second.execution.lastExecuted());
        assertEquals(first.execution.stateDigest(), second.execution.stateDigest());
        assertTrue(second.execution.isCheckpointDue());
        first.execute(41, 100);
        second.execute(41, 100);
        first.taken.keySet().removeIf(place -> place <= 40);
        assertEquals(first.taken, second.taken);
    }

    @Test
    void wishesAreMeasuredFromTheCheckpointThatItBeganFrom() throws IOException {
        Site first = new Site("first", new StreamState());
        first.execute(1, 20);
        Site second = new Site("second", new StreamState());
        second.execution.restore(first.checkpoint(20));
        for (Site site : List.of(first, second)) {
            for (long s = 21; s <= 20 + CheckpointWishes.MIN_DISTANCE; s++) {
                site.execute(decision(s, true));
            }
        }
        first.taken.remove(20L);
        assertEquals(1, second.taken.size());
        assertEquals(first.taken, second.taken);
    }

    @Test
    void whatIsExecutedAgainLeavesThePartsVersionsAsTheyWere() throws IOException {
        Site first = new Site("first", new FilesState());
        first.execute(1, 20);
        Site second = new Site("second", new FilesState());
        second.execution.restore(first.checkpoint(20));
        first.execute(21, 100);
        for (long s = 21; s <= 75; s++) {
            second.execution.replay(decision(s));
        }
        second.execute(76, 100);
        assertEquals(first.taken.get(80L), second.taken.get(80L));
        assertEquals(first.taken.get(100L), second.taken.get(100L));
    }

    @Test
    void anInstallationPutsTheStateInPlaceAndExecutesTheLogAboveIt() throws IOException {
        Site first = new Site("first", new FilesState());
        first.execute(1, 40);
        Site second = new Site("second", new FilesState());
        second.execute(1, 10);
        new Installation(first.checkpoint(40), 75, ReplayTest::decision).run(second.execution);
        first.execute(41, 80);
        assertEquals(75, second.execution.lastExecuted());
        second.execute(76, 80);
        assertEquals(first.taken.get(80L), second.taken.get(80L));
    }

    @Test
    void anInstallationAboveWhatTheLogReachesExecutesNothing() throws IOException {
        Site first = new Site("first", new StreamState());
        first.execute(1, 40);
        Site second = new Site("second", new StreamState());
        new Installation(first.checkpoint(40), 12, s -> {
                    throw new AssertionError("read " + s);
                })
                .run(second.execution);
        assertEquals(40, second.execution.lastExecuted());
        assertArrayEquals(((StreamState) first.application).bytes(), ((StreamState) second.application).bytes());
    }

    @Test
    void aReplicaThatDivergedGoesBackAndComesToTheOthersState() throws IOException {
        Site first = new Site("first", new StreamState());
        first.execute(1, 50);
        Site diverged = new Site("diverged", new StreamState());
        diverged.execute(1, 30);
        ((StreamState) diverged.application).become(new byte[] {66});
        diverged.execute(31, 50);
        assertFalse(first.taken.get(40L).equals(diverged.taken.get(40L)));
        new Installation(first.checkpoint(40), 50, ReplayTest::decision).run(diverged.execution);
        assertEquals(50, diverged.execution.lastExecuted());
        assertArrayEquals(((StreamState) first.application).bytes(), ((StreamState) diverged.application).bytes());
    }

    @Test
    void aDecisionThatIsMissingFailsAnInstallation() throws IOException {
        Site first = new Site("first", new StreamState());
        first.execute(1, 40);
        Site second = new Site("second", new StreamState());
        Installation installation = new Installation(first.checkpoint(40), 45, s -> s == 43 ? null : decision(s));
        assertEquals(
                "decision 43 is not in the log, which should reach to 45",
                assertThrows(IOException.class, () -> installation.run(second.execution))
                        .getMessage());
    }

    @Test
    void anInstallationThatFailedCanBeFollowedByAnother() throws IOException {
        Site first = new Site("first", new StreamState());
        first.execute(1, 40);
        Site second = new Site("second", new StreamState());
        OrderedExecution.StateSource source = first.checkpoint(40);
        assertThrows(IOException.class, () -> new Installation(source, 45, _ -> null).run(second.execution));
        new Installation(source, 45, ReplayTest::decision).run(second.execution);
        first.execute(41, 45);
        assertEquals(first.execution.stateDigest(), second.execution.stateDigest());
    }
}
