package io.atlassmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The launcher prints a text that is checked in, without starting Java; it has to be what the commands say. */
class HelpTextTest {

    @Test
    void theLaunchersHelpIsThatOfTheCommands() throws IOException {
        try (InputStream text = Main.class.getResourceAsStream("help.txt")) {
            String checkedIn = new String(text.readAllBytes(), StandardCharsets.UTF_8);
            AtlasRun run = AtlasRun.of("--help");
            assertEquals(run.out(), checkedIn, "copy what ./atlas --help should print to cli's help.txt");
        }
    }

    @Test
    void withoutACommandTheHelpIsPrinted() {
        AtlasRun run = AtlasRun.of();
        assertEquals(0, run.exitCode());
        assertEquals(AtlasRun.of("--help").out(), run.out());
    }
}
