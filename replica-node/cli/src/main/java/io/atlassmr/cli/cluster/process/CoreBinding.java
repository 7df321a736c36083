package io.atlassmr.cli.cluster.process;

import io.atlassmr.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Has each of some processes run on one processor core, in turn, until this is closed or this process ends. Where several share few cores, their threads then
 * wake each other without one core having to interrupt another, which in a virtual machine takes many times as long.
 */
public final class CoreBinding implements AutoCloseable {

    private static final String PROGRAM = "taskset";
    private static final long TIMEOUT_SECONDS = 10;

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";

    private final List<ProcessHandle> bound = new ArrayList<>();
    /** As {@value #PROGRAM} takes it: single cores and ranges of them, with commas. */
    private final String allCores;

    private final Thread onExit = new Thread(this::release, "atlas-cores");

    private CoreBinding(String allCores) {
        this.allCores = allCores;
    }

    /**
     * Binds these processes with all threads that they have and will have.
     *
     * @throws CommandException if there is no {@value #PROGRAM} here, or it fails; none is bound then
     */
    public static CoreBinding of(List<ProcessHandle> processes) {
        CoreBinding binding = new CoreBinding(ownCores());
        List<String> cores = each(binding.allCores);
        Runtime.getRuntime().addShutdownHook(binding.onExit);
        try {
            for (ProcessHandle process : processes) {
                binding.bind(process, cores);
            }
            return binding;
        } catch (CommandException e) {
            binding.close();
            throw e;
        }
    }

    private synchronized void bind(ProcessHandle process, List<String> cores) {
        run(process, cores.get(bound.size() % cores.size()));
        bound.add(process);
    }

    /** The cores that this process may use, which are those that its replicas may. */
    private static String ownCores() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(ALLOWED))
                    .map(line -> line.substring(ALLOWED.length()).strip())
                    .findFirst()
                    .orElseThrow(() -> new IOException(STATUS + " has no " + ALLOWED));
        } catch (IOException e) {
            throw new CommandException("cannot tell which cores there are; leave out --bind-cores: " + e, e);
        }
    }

    /** {@code 0-2,5} is 0, 1, 2 and 5. */
    static List<String> each(String cores) {
        List<String> each = new ArrayList<>();
        for (String range : cores.split(",", -1)) {
            String[] ends = range.split("-", 2);
            for (int core = Integer.parseInt(ends[0]); core <= Integer.parseInt(ends[ends.length - 1]); core++) {
                each.add(String.valueOf(core));
            }
        }
        return each;
    }

    private static void run(ProcessHandle process, String coreList) {
        try {
            Process program = new ProcessBuilder(
                            PROGRAM, "--all-tasks", "--pid", "--cpu-list", coreList, String.valueOf(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!program.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || program.exitValue() != 0) {
                boolean _ = program.destroyForcibly().isAlive();
                throw new CommandException(
                        "cannot bind process " + process.pid() + " to core " + coreList + ": " + PROGRAM + " failed");
            }
        } catch (IOException e) {
            throw new CommandException(
                    "there is no " + PROGRAM
                            + " on the PATH: install it (package util-linux), or leave out --bind-cores",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    /** Lets those that still run use every core again. */
    @Override
    public void close() {
        release();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException endsAlready) {
            // Then the hook finds nothing left to do.
        }
    }

    private synchronized void release() {
        for (ProcessHandle process : bound) {
            if (process.isAlive()) {
                run(process, allCores);
            }
        }
        bound.clear();
    }
}
