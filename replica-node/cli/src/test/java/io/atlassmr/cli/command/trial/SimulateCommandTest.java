package io.atlassmr.cli.command.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.cli.AtlasRun;
import org.junit.jupiter.api.Test;

class SimulateCommandTest {

    @Test
    void aRangeOfSeedsIsSummedUp() {
        AtlasRun run = AtlasRun.of("simulate", "--seeds", "1..2", "--json");
        assertEquals(0, run.exitCode(), run::toString);
        JsonNode json = run.json();
        assertEquals("1..2", json.get("seeds").asText());
        assertEquals(2, json.get("runs").asInt());
        assertTrue(json.get("decided").asLong() > 0, run::toString);
        assertTrue(json.get("ok").asBoolean(), run::toString);
    }

    @Test
    void aSeedIsReplayedWithTheSameTrace() {
        AtlasRun traced = AtlasRun.of("simulate", "--seed", "1", "--trace", "--json");
        AtlasRun again = AtlasRun.of("simulate", "--seed", "1", "--json");
        assertEquals(traced.json(), again.json());
        assertTrue(traced.out().lines().count() > 100, "no trace");
        assertEquals(1, again.out().lines().count(), "more than the result");
    }
}
