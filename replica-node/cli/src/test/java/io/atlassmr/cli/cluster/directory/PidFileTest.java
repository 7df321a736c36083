package io.atlassmr.cli.cluster.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("replica.pid");
    }

    /** This process stands for a replica's: all Java command lines name a Java. */
    private PidFile ofThisProcess() {
        PidFile file = new PidFile(file(), "java");
        file.write(ProcessHandle.current());
        return file;
    }

    @Test
    void aProcessThatRunsIsFound() {
        assertEquals(
                Optional.of(ProcessHandle.current().pid()),
                ofThisProcess().process().map(ProcessHandle::pid));
    }

    @Test
    void aNumberThatAnotherProcessHasByNowIsNotBelieved() throws IOException {
        PidFile file = ofThisProcess();
        Instant start = ProcessHandle.current().info().startInstant().orElseThrow();
        Files.writeString(file(), ProcessHandle.current().pid() + "\n" + start.minusSeconds(60) + "\n");
        assertEquals(Optional.empty(), file.process());
    }

    @Test
    void aProcessOfAnotherProgramIsNotBelieved() {
        ofThisProcess();
        assertEquals(Optional.empty(), new PidFile(file(), "/not/on/this/command/line").process());
    }

    @Test
    void aProcessThatHasEndedIsNotFound() throws Exception {
        Process ended =
                new ProcessBuilder("java", "-version").redirectErrorStream(true).start();
        PidFile file = new PidFile(file(), "java");
        file.write(ended.toHandle());
        ended.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        ended.waitFor();
        assertEquals(Optional.empty(), file.process());
    }

    /** A command was killed after it had started a replica and before it noted which process that is. */
    @Test
    void aProcessThatWasAnnouncedIsFoundByItsCommandLine() throws Exception {
        String mark = "atlas.test.mark=" + directory;
        PidFile file = new PidFile(file(), mark);
        file.announce();
        assertEquals(Optional.empty(), file.process());
        Process started = new ProcessBuilder("sh", "-c", "read line", mark).start();
        try {
            assertEquals(Optional.of(started.pid()), file.process().map(ProcessHandle::pid));
            file.write(started.toHandle());
            assertEquals(Optional.of(started.pid()), file.process().map(ProcessHandle::pid));
        } finally {
            started.destroyForcibly();
        }
    }

    @Test
    void aFileThatIsMissingOrCutShortNamesNobody() throws IOException {
        PidFile file = ofThisProcess();
        file.delete();
        assertEquals(Optional.empty(), file.process());
        for (String text : new String[] {"", "12", "12\nyester", "x\ny\n"}) {
            Files.writeString(file(), text);
            assertEquals(Optional.empty(), file.process());
        }
        assertTrue(Files.exists(file()));
    }
}
