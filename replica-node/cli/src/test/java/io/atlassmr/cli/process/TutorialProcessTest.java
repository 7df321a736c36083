package io.atlassmr.cli.process;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial's commands do what it says, one after the other. */
class TutorialProcessTest {

    @TempDir
    Path directory;

    private Walkthrough tutorial;

    @BeforeEach
    void open() {
        tutorial = new Walkthrough("tutorial/first-cluster.md", directory);
    }

    @AfterEach
    void down() {
        tutorial.down();
    }

    @Test
    void everyCommandWorks() throws IOException {
        tutorial.run(10);
    }
}
