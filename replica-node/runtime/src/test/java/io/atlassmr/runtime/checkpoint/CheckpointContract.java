package io.atlassmr.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.api.Application;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.fixture.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store of checkpoints of one kind of state, of which two answers were remembered. */
abstract class CheckpointContract {

    @TempDir
    Path directory;

    final StateKind kind;
    Application state;
    CheckpointScene scene;

    CheckpointContract(StateKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() throws IOException {
        state = kind.newState();
        scene = new CheckpointScene(root("own"), state);
        scene.answer(1, 3);
        scene.answer(2, 8);
    }

    @AfterEach
    void close() {
        scene.store().close();
    }

    /** Where the store of this name is. */
    final Path root(String name) {
        return directory.resolve(name);
    }

    /** What is in the store's directory, in order. */
    final List<String> entries() throws IOException {
        try (Stream<Path> entries = Files.list(root("own"))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    /** The name of a checkpoint's directory. */
    static String place(long sequenceNumber) {
        return String.format("%019d", sequenceNumber);
    }

    /** The files of a checkpoint, in order. */
    final List<Path> filesOf(long sequenceNumber) throws IOException {
        try (Stream<Path> files = Files.walk(root("own").resolve(place(sequenceNumber)))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Puts a checkpoint of this scene's store into a fresh state. */
    final byte[] restored(long sequenceNumber) throws IOException {
        Application fresh = kind.newState();
        OrderedExecution execution = new OrderedExecution(
                fresh,
                new io.atlassmr.protocol.session.SessionTable(io.atlassmr.protocol.session.SessionLimits.defaults()),
                TestCluster.reconfiguration());
        execution.restore(scene.store().source(sequenceNumber));
        assertEquals(sequenceNumber, execution.lastExecuted());
        return kind.contents(fresh);
    }
}
