package io.atlassmr.cli.cluster.directory;

import io.atlassmr.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Remembers a process: its number, then when it started. Numbers are used again by the system, so a process is only
 * believed to be the one remembered if it started then and its command line, if it has one, holds {@code mark}. One that was
 * announced is found by its command line until it is remembered, so that a command that is killed right after it started a process does
 * not lose it.
 */
public final class PidFile {

    // The system tells starts relative to a time of boot that it estimates anew.
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

    // Positions in /proc/PID/stat, from the third field.
    private static final int STATE = 0;
    private static final int THREADS = 17;

    private static final String ANNOUNCED = "starting";

    private final Path file;
    private final String mark;

    /** @param mark part of the command line of the process that is remembered in {@code file} */
    public PidFile(Path file, String mark) {
        this.file = file;
        this.mark = mark;
    }

    /** Remembers this process in place of any other. */
    public void write(ProcessHandle process) {
        Instant start = process.info().startInstant().orElse(Instant.EPOCH);
        write(process.pid() + "\n" + start + "\n");
    }

    /** A process with {@code mark} in its command line is about to be started. */
    public void announce() {
        write(ANNOUNCED + "\n");
    }

    private void write(String text) {
        try {
            FileReplacement.write(file, text);
        } catch (IOException e) {
            throw new CommandException("cannot write " + file + ": " + e, e);
        }
    }

    /** Remembers none any longer. */
    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new CommandException("cannot delete " + file + ": " + e, e);
        }
    }

    /** The process, if it is still there and still the same. */
    public Optional<ProcessHandle> process() {
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() < 2) {
                return lines.equals(List.of(ANNOUNCED)) ? announced() : Optional.empty();
            }
            Instant start = Instant.parse(lines.get(1).strip());
            return ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).filter(process -> isSame(process, start));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new CommandException("cannot read " + file + ": " + e, e);
        } catch (RuntimeException malformed) {
            // Half a file, from a command that was killed: the process it meant cannot be told, so it is left alone.
            return Optional.empty();
        }
    }

    private Optional<ProcessHandle> announced() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(mark))
                        .isPresent())
                .filter(PidFile::isAlive)
                .findFirst();
    }

    private boolean isSame(ProcessHandle process, Instant start) {
        ProcessHandle.Info info = process.info();
        return isAlive(process)
                && info.startInstant()
                        .filter(actual -> Duration.between(start, actual).abs().compareTo(START_TOLERANCE) <= 0)
                        .isPresent()
                // A process that is just becoming another program has no command line for a moment.
                && info.commandLine().map(line -> line.contains(mark)).orElse(true);
    }

    /** Whether it still runs; a process that has ended and waits for its parent to notice does not. */
    public static boolean isAlive(ProcessHandle process) {
        return process.isAlive() && !isZombie(process.pid());
    }

    /** Its first thread may have ended before others, which still hold its ports: then the process has not. */
    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The name, in parentheses, may hold anything; the fields after it are numbered from 3 in proc(5).
            List<String> fields = Pattern.compile(" ")
                    .splitAsStream(stat.substring(stat.lastIndexOf(')') + 2))
                    .toList();
            return fields.get(STATE).equals("Z") && Integer.parseInt(fields.get(THREADS)) <= 1;
        } catch (IOException noProcFileSystem) {
            return false;
        }
    }
}
