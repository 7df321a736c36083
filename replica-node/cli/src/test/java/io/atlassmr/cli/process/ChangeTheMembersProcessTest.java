package io.atlassmr.cli.process;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the guide to members do what it says, one after the other. */
@Tag("slow")
class ChangeTheMembersProcessTest {

    @TempDir
    Path directory;

    private Walkthrough guide;

    @BeforeEach
    void open() {
        guide = new Walkthrough("how-to/change-the-members.md", directory);
    }

    @AfterEach
    void down() {
        guide.down();
    }

    @Test
    void everyCommandWorks() throws IOException {
        guide.run(11);
    }
}
