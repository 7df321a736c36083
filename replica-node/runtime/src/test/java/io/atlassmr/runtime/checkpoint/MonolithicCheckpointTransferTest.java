package io.atlassmr.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.transfer.StateTransferEvent.MissingPart;
import io.atlassmr.runtime.fixture.StreamState;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MonolithicCheckpointTransferTest extends CheckpointTransferContract {

    MonolithicCheckpointTransferTest() {
        super(StateKind.MONOLITHIC);
    }

    @Test
    void aShorterStreamIsNotFollowedByWhatALongerOneLeft() throws IOException {
        CheckpointScene longer = new CheckpointScene(directory.resolve("longer"), kind.newState());
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
