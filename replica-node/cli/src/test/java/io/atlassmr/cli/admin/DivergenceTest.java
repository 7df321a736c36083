package io.atlassmr.cli.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.admin.answer.DigestRange;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DivergenceTest {

    private static DigestRange from(long first, String... digests) {
        return new DigestRange(first, Arrays.asList(digests));
    }

    @Test
    void equalHistoriesDoNotPartAndGapsDoNotMatter() {
        assertEquals(
                Optional.empty(),
                Divergence.first(
                        Map.of(0, from(1, "a", "b", null), 1, from(2, "b", "c"), 2, from(1, null, null, "c"))));
        assertEquals(Optional.empty(), Divergence.first(Map.of()));
    }

    @Test
    void theFirstDecisionAfterWhichDigestsDifferIsNamed() {
        Divergence found = Divergence.first(Map.of(
                        0, from(1, "a", "b", "c", "d"), 1, from(1, "a", "b", "x", "y"), 2, from(2, "b", "c", "d")))
                .orElseThrow();
        assertEquals(3, found.sequenceNumber());
        assertEquals(Map.of("c", List.of(0, 2), "x", List.of(1)), found.byDigest());
        assertEquals(
                "Their histories part with decision 3: replicas [0, 2] and [1] gave different answers or had executed"
                        + " different ones. Its operations, and the logs of these replicas, say why.",
                found.describe());
    }
}
