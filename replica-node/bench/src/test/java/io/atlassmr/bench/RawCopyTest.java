package io.atlassmr.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RawCopyTest {

    @TempDir
    private Path directory;

    @Test
    void theCopyHasTheSameBytes() throws IOException {
        Path source = directory.resolve("source");
        Path target = directory.resolve("target");
        RawCopy.fill(source, 300_001);
        Files.writeString(target, "left by an earlier copy");
        Duration taken = RawCopy.run(source, target);
        assertEquals(300_001, Files.size(target));
        assertArrayEquals(Files.readAllBytes(source), Files.readAllBytes(target));
        assertEquals(1, Long.signum(taken.toNanos()));
    }

    @Test
    @Timeout(60)
    void aSourceThatCannotBeReadIsAnError() {
        assertThrows(IOException.class, () -> RawCopy.run(directory.resolve("missing"), directory.resolve("target")));
    }
}
