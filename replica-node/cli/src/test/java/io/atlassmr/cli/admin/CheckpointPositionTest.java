package io.atlassmr.cli.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CheckpointPositionTest {

    private static final int QUORUM = 3;

    private static CheckpointWish.Position of(long... checkpoints) {
        return CheckpointWish.Position.of(
                IntStream.range(0, checkpoints.length)
                        .mapToObj(id ->
                                StatusSamples.status("'replicaId':" + id + ",'stableCheckpoint':" + checkpoints[id]))
                        .toList(),
                QUORUM);
    }

    @Test
    void isTheNewestThatAQuorumHolds() {
        assertEquals(new CheckpointWish.Position(20, List.of(0, 1, 3)), of(20, 30, 10, 20));
    }

    @Test
    void aSingleReplicaCannotMakeOneUp() {
        assertEquals(new CheckpointWish.Position(10, List.of(0, 1, 2, 3)), of(10, 10, 10, Long.MAX_VALUE));
    }

    @Test
    void fewerThanAQuorumHoldNothing() {
        assertEquals(new CheckpointWish.Position(0, List.of()), of(20, 20));
    }

    @Test
    void withoutAnyThereIsNone() {
        assertEquals(new CheckpointWish.Position(0, List.of()), of(0, 0, 0, 0));
    }
}
