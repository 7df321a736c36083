package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.cli.AtlasRun;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MembershipBenchProcessTest {

    @Test
    @Tag("long")
    void threeChangesAreMeasuredUnderLoad() {
        AtlasRun run = AtlasRun.of(
                "bench", "membership", "--state-size", "2MiB", "--clients", "2", "--seconds", "1", "--json");
        assertEquals(0, run.exitCode(), run::toString);
        JsonNode report = run.json();
        assertTrue(report.path("ok").asBoolean(), report::toString);
        assertEquals(
                List.of("join", "leave", "rotate-key"), report.path("changes").findValuesAsText("change"));
        for (JsonNode change : report.path("changes")) {
            JsonNode throughput = change.path("throughput");
            assertAll(
                    change::toString,
                    () -> assertTrue(change.path("seconds").asDouble() > 0),
                    () -> assertTrue(throughput.path("beforePerSecond").asDouble() > 0),
                    () -> assertTrue(throughput.path("afterPerSecond").asDouble() > 0),
                    () -> assertTrue(throughput.path("lowestPerSecond").asDouble()
                            <= throughput.path("beforePerSecond").asDouble()),
                    () -> assertTrue(throughput.path("silentSeconds").asDouble()
                            < change.path("seconds").asDouble() + 5));
        }
    }
}
