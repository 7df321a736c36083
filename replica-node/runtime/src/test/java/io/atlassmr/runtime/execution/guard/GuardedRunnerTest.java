package io.atlassmr.runtime.execution.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.Application;
import io.atlassmr.api.CopyableApplication;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReplicatedState;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.execution.batch.OperationWatch;
import io.atlassmr.runtime.execution.batch.SequentialRunner;
import io.atlassmr.runtime.fixture.FilesState;
import io.atlassmr.runtime.fixture.StreamState;
import io.atlassmr.runtime.fixture.TestCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

/** An application with a state of bytes is checked on copies of it. */
class GuardedRunnerTest {

    private final List<Nondeterminism> found = new ArrayList<>();

    /** Adds to a state of bytes what {@code appended} makes of each operation; shared by all copies, which it should not be. */
    private record Appending(StreamState bytes, BinaryOperator<byte[]> appended) implements CopyableApplication {

        @Override
        public Application newInstance() {
            return new Appending(new StreamState(), appended);
        }

        @Override
        public byte[] executeOrdered(byte[] operation, OrderedContext context) {
            bytes.executeOrdered(appended.apply(operation, bytes.bytes()), context);
            return operation;
        }

        @Override
        public byte[] executeUnordered(byte[] operation, UnorderedContext context) {
            return bytes.bytes();
        }

        @Override
        public ReplicatedState state() {
            return bytes;
        }
    }

    /** Sets parts of a divisible state that can be copied to what {@code content} makes of each operation. */
    private record Setting(FilesState files, BinaryOperator<byte[]> content) implements CopyableApplication {

        @Override
        public Application newInstance() {
            return new Setting(new FilesState(), content);
        }

        @Override
        public byte[] executeOrdered(byte[] operation, OrderedContext context) {
            String name = new String(operation, StandardCharsets.UTF_8);
            files.put(name, content.apply(operation, files.get(name)));
            return operation;
        }

        @Override
        public byte[] executeUnordered(byte[] operation, UnorderedContext context) {
            return new byte[0];
        }

        @Override
        public ReplicatedState state() {
            return files;
        }
    }

    private void execute(int interval, int decisions, BinaryOperator<byte[]> appended) {
        execute(interval, decisions, new Appending(new StreamState(), appended));
    }

    private void execute(int interval, int decisions, Application application) {
        GuardedRunner runner = new GuardedRunner(
                new SequentialRunner(application, new OperationWatch(10_000)), application, interval, found::add);
        try (OrderedExecution execution = new OrderedExecution(
                application, runner, new SessionTable(SessionLimits.defaults()), 1000, TestCluster.reconfiguration())) {
            for (int s = 1; s <= decisions; s++) {
                execution.execute(TestCluster.decision(
                        s, TestCluster.batch(1000, TestCluster.bundle(1, 3L * s, 3L * s + 1, 3L * s + 2))));
            }
        }
    }

    @Test
    void nothingIsFoundInADeterministicApplication() {
        execute(1, 20, (operation, state) -> operation);
        assertEquals(List.of(), found);
    }

    @Test
    void statesThatDifferAfterEqualResultsAreTracedToTheOperation() {
        int[] calls = {0};
        execute(
                1,
                1,
                (operation, state) -> new String(operation, StandardCharsets.UTF_8).equals("op4")
                        ? new byte[] {(byte) ++calls[0]}
                        : operation);
        assertEquals(1, found.size());
        assertEquals(1, found.getFirst().context().indexInBatch());
        assertEquals(4, found.getFirst().number());
        assertEquals(
                "gave equal results and left unequal states", found.getFirst().difference());
    }

    @Test
    void aDivisibleStateThatCopiesItselfIsCheckedAndKeepsTheVersionsOfItsParts() throws IOException {
        FilesState files = new FilesState();
        execute(1, 2, new Setting(files, (operation, before) -> operation));
        assertEquals(List.of(), found);
        try (DivisibleState.Image image = files.capture(7)) {
            assertEquals(
                    List.of(7L, 7L, 7L, 7L, 7L, 7L),
                    image.parts().stream()
                            .map(DivisibleState.PartDescriptor::version)
                            .toList());
        }
    }

    @Test
    void contentsOfPartsThatDifferAreTracedToTheOperation() {
        int[] calls = {0};
        execute(
                1,
                1,
                new Setting(
                        new FilesState(),
                        (operation, before) -> new String(operation, StandardCharsets.UTF_8).equals("op4")
                                ? new byte[] {(byte) ++calls[0]}
                                : operation));
        assertEquals(List.of(4L), found.stream().map(Nondeterminism::number).toList());
    }

    @Test
    void everyKthBatchIsChecked() {
        int[] calls = {0};
        execute(5, 20, (operation, state) -> new byte[] {(byte) ++calls[0]});
        assertEquals(
                List.of(5L, 10L, 15L, 20L),
                found.stream().map(each -> each.context().sequenceNumber()).toList());
    }

    @Test
    void whatCannotBeCopiedIsRefused() {
        Application bytes = new StreamState();
        assertFalse(GuardedRunner.canCheck(bytes));
        assertFalse(GuardedRunner.canCheck(new FilesState()), "not a CopyableApplication");
        assertTrue(GuardedRunner.canCheck(new Appending(new StreamState(), (operation, state) -> operation)));
        SequentialRunner runner = new SequentialRunner(bytes, new OperationWatch(1));
        assertThrows(IllegalArgumentException.class, () -> new GuardedRunner(runner, bytes, 1, found::add));
    }
}
