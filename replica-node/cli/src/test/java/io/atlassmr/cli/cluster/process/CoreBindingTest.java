package io.atlassmr.cli.cluster.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class CoreBindingTest {

    private final List<Process> started = new ArrayList<>();

    private ProcessHandle process() throws IOException {
        Process process = new ProcessBuilder("sleep", "60").start();
        started.add(process);
        return process.toHandle();
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private static String coresOf(String process) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process + "/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    private static String coresOf(ProcessHandle process) throws IOException {
        return coresOf(String.valueOf(process.pid()));
    }

    @Test
    void eachHasACoreInTurnAndAllOfThemAfterwards() throws IOException {
        String all = coresOf("self");
        List<String> cores = CoreBinding.each(all);
        List<ProcessHandle> processes = List.of(process(), process(), process());
        try (CoreBinding _ = CoreBinding.of(processes)) {
            for (int i = 0; i < 3; i++) {
                assertEquals(cores.get(i % cores.size()), coresOf(processes.get(i)));
            }
        }
        for (ProcessHandle process : processes) {
            assertEquals(all, coresOf(process));
        }
    }

    @Test
    void oneThatHasEndedIsPassedOver() throws Exception {
        ProcessHandle runs = process();
        Process ended = new ProcessBuilder("true").start();
        assertEquals(0, ended.waitFor());
        try (CoreBinding _ = CoreBinding.of(List.of(ended.toHandle(), runs))) {
            List<String> cores = CoreBinding.each(coresOf("self"));
            assertEquals(cores.get(1 % cores.size()), coresOf(runs));
        }
    }

    @Test
    void coresAreListedAsRangesAndAlone() {
        assertEquals(List.of("0", "1", "2", "5", "8", "9"), CoreBinding.each("0-2,5,8-9"));
    }
}
