package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.cli.AtlasRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CatchUpProcessTest {

    private static final long TWO_MEBIBYTES = 2 << 20;

    private static JsonNode catchUp(String state) {
        AtlasRun run = AtlasRun.of(
                "bench",
                "catch-up",
                "--state-size",
                "2MiB",
                "--state",
                state,
                "--checkpoint-interval",
                "200",
                "--clients",
                "2",
                "--seconds",
                "1",
                "--json");
        assertEquals(0, run.exitCode(), run::toString);
        return run.json();
    }

    private static void assertMeasured(JsonNode report) {
        assertAll(
                report::toString,
                () -> assertTrue(report.get("ok").asBoolean()),
                () -> assertTrue(report.get("full").get("seconds").asDouble() > 0),
                () -> assertTrue(report.get("full").get("megabytesPerSecond").asDouble() > 0),
                () -> assertTrue(report.get("rawCopy").get("underLoadSeconds").asDouble() > 0),
                () -> assertTrue(report.get("throughput").get("beforePerSecond").asDouble() > 0),
                () -> assertTrue(report.get("throughput").get("duringPerSecond").asDouble() > 0),
                () -> assertTrue(report.get("delta").get("changedKeys").asInt() > 0));
    }

    @Test
    @Tag("slow")
    void aStateInPartsIsFetchedInFullAndThenOnlyWhatChanged() {
        JsonNode report = catchUp("rocksdb");
        assertMeasured(report);
        long full = report.get("full").get("transferredBytes").asLong();
        // Keys and values are all there, sessions come on top.
        assertTrue(full >= TWO_MEBIBYTES * 99 / 100, report::toString);
        long changed = report.get("delta").get("way").get("transferredBytes").asLong();
        assertTrue(changed > 0 && changed < full / 4, report::toString);
    }

    @Test
    @Tag("long")
    void aStateOnTheHeapIsFetchedAsOneStream() {
        JsonNode report = catchUp("memory");
        assertMeasured(report);
        assertTrue(report.get("full").get("transferredBytes").asLong() >= TWO_MEBIBYTES * 99 / 100, report::toString);
    }
}
