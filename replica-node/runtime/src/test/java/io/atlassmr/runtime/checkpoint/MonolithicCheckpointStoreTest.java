package io.atlassmr.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.atlassmr.api.Application;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.transfer.StateTransferEvent.MissingPart;
import io.atlassmr.runtime.fixture.StreamState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A stream of three parts and a bit; a change is in its last two. */
class MonolithicCheckpointStoreTest extends CheckpointStoreContract {

    private static final int SIZE_BYTES = 3 * PartFile.PART_BYTES + 17;

    @Override
    Application newState() {
        StreamState state = new StreamState();
        byte[] bytes = new byte[SIZE_BYTES];
        new Random(1).nextBytes(bytes);
        state.become(bytes);
        return state;
    }

    @Override
    void change(Application state, int seed) {
        byte[] bytes = ((StreamState) state).bytes().clone();
        bytes[2 * PartFile.PART_BYTES + seed] ^= 1;
        bytes[bytes.length - 1] ^= (byte) seed;
        ((StreamState) state).become(bytes);
    }

    @Override
    byte[] contents(Application state) {
        return ((StreamState) state).bytes();
    }

    @Test
    void bytesAfterTheStateAreFound() throws IOException {
        CheckpointScene scene = new CheckpointScene(directory.resolve("one"), newState());
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

    @Test
    void aShorterStreamIsNotFollowedByWhatALongerOneLeft() throws IOException {
        CheckpointScene longer = new CheckpointScene(directory.resolve("longer"), newState());
        longer.saveStable(100);
        CheckpointScene scene = new CheckpointScene(directory.resolve("one"), new StreamState());
        CheckpointReader first = longer.store().newest();
        try (Staging staging = scene.store().stage(first.header())) {
            CheckpointScene.givePages(first, staging);
            for (MissingPart part : staging.missing()) {
                CheckpointScene.givePart(first, staging, part.index());
            }
        }
        StreamState small = new StreamState();
        small.become(new byte[] {1, 2, 3});
        CheckpointScene shorter = new CheckpointScene(directory.resolve("shorter"), small);
        Certificate certificate = shorter.saveStable(200);
        CheckpointReader second = shorter.store().newest();
        try (Staging staging = scene.store().stage(second.header())) {
            CheckpointScene.givePages(second, staging);
            for (MissingPart part : staging.missing()) {
                CheckpointScene.givePart(second, staging, part.index());
            }
            scene.store().adopt(staging, certificate);
        }
        try (var input = scene.store().source(200).openState()) {
            assertArrayEquals(small.bytes(), input.readAllBytes());
        }
        longer.store().close();
        shorter.store().close();
        scene.store().close();
    }
}
