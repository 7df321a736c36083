package io.atlassmr.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.runtime.fixture.StreamState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class MonolithicCheckpointStoreTest extends CheckpointStoreContract {

    MonolithicCheckpointStoreTest() {
        super(StateKind.MONOLITHIC);
    }

    @Test
    void bytesAfterTheStateAreFound() throws IOException {
        CheckpointScene scene = new CheckpointScene(directory.resolve("one"), kind.newState());
        Certificate certificate = scene.saveStable(100);
        Path file =
                directory.resolve("one").resolve(String.format("%019d", 100)).resolve(CheckpointFiles.STATE_FILE);
        Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
        scene.reopen();
        assertNull(scene.store().recover(List.of(certificate)));
        scene.store().close();
    }

    @Test
    void anEmptyStreamIsReadBack() throws IOException {
        StreamState empty = new StreamState();
        CheckpointScene scene = new CheckpointScene(directory.resolve("one"), empty);
        Certificate certificate = scene.saveStable(100);
        scene.reopen();
        assertEquals(certificate, scene.store().recover(List.of(certificate)));
        try (var input = scene.store().source(100).openState()) {
            assertArrayEquals(new byte[0], input.readAllBytes());
        }
        scene.store().close();
    }
}
