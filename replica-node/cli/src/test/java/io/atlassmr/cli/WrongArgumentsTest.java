package io.atlassmr.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrongArgumentsTest {

    @TempDir
    Path directory;

    @ParameterizedTest(name = "atlas {0}")
    @CsvSource(delimiter = '|', textBlock = """
                    frobnicate                          | there is no command frobnicate
                    up --replicas 3                     | --replicas is between 4 and 64, got 3
                    up --replicas 65                    | --replicas is between 4 and 64, got 65
                    up --replicas four                  | 'four' is not an int
                    up --base-port 80                   | --base-port is between 1024
                    up --base-port 65530                | for 4 replicas, got 65530
                    up --durability maybe               | 'maybe'
                    up now                              | now
                    status --dri x                      | --dri
                    replica                             | start, stop, drain, resume, kill or wipe
                    replica drain                       | ID
                    move 1                              | --host, --peer-port or --client-port
                    move 1 --peer-port 0                | --peer-port is 1 to 65535, got 0
                    replica start                       | ID
                    replica kill x                      | 'x' is not an int
                    replica wipe                        | ID
                    checkpoint --timeout-seconds 0      | --timeout-seconds is between 1 and 86400, got 0
                    checkpoint policy --interval 15     | --interval is 16 to 1000000
                    checkpoint policy --retain x        | 'x' is not an int
                    log                                 | inspect or verify
                    log inspect                         | --replica
                    log inspect --replica x             | 'x' is not an int
                    log inspect --replica 0 --from -1   | --from is not negative, got -1
                    log inspect --replica 0 --limit 0   | --limit is between 1 and 1000000, got 0
                    log verify                          | --replica
                    kv                                  | put, get, delete, cas or scan
                    kv put k                            | VALUE
                    kv get                              | KEY
                    kv cas k v                          | --expect
                    kv cas k v --absent --expect w      | mutually exclusive
                    kv scan --limit 0                   | --limit is between 1 and 100000, got 0
                    bench --clients 0                   | --clients is between 1 and 10000, got 0
                    bench --outstanding 513             | --outstanding is between 1 and 512, got 513
                    bench --read-percent 101            | --read-percent is between 0 and 100, got 101
                    bench --seconds 0                   | --seconds is between 1
                    bench catch-up                      | --state-size
                    bench catch-up --state-size 1GB     | '1GB' is no size
                    bench catch-up --state-size 1KiB    | --state-size is between 1048576
                    bench catch-up --state-size 8GiB --state memory | and 4294967296, got 8589934592
                    bench catch-up --state-size 8MiB --state disk   | 'disk'
                    bench membership --state-size 8MiB --clients 0  | --clients is between 1 and 1000, got 0
                    bench catch-up --state-size 8MiB --clients 1001 | --clients is between 0 and 1000, got 1001
                    bench membership                    | --state-size
                    bench membership --state-size 8MiB --seconds 0 | --seconds is between 1 and 3600, got 0
                    bench --replicas 3                  | --replicas is between 4 and 64, got 3
                    demo --ops 10                       | --ops is between 1000
                    demo --ops                          | --ops
                    simulate                            | --seeds
                    simulate --seeds 5                  | two whole numbers
                    simulate --seeds 5..1               | first not above the last
                    simulate --seeds 1..2 --seed 3      | mutually exclusive
                    simulate --seeds 1..2 --trace       | --trace is for one seed
                    simulate --seed 1 --threads 0       | --threads is between 1 and 64, got 0
                    """)
    void areNamedWithWhatTheyMayBe(String command, String message) {
        AtlasRun run = AtlasRun.of(words(command));
        assertAll(
                () -> assertEquals(2, run.exitCode(), run::toString),
                () -> assertTrue(run.err().contains(message), run::toString),
                () -> assertTrue(run.err().contains("--help"), run::toString),
                () -> assertFalse(run.err().contains("\tat "), run::toString));
    }

    @ParameterizedTest(name = "atlas {0}")
    @CsvSource({
        "status",
        "replica start 0",
        "replica wipe 0",
        "checkpoint",
        "log inspect --replica 0",
        "log verify --replica 0",
        "kv get k",
        "bench",
        "kv put k v",
        "kv scan"
    })
    void aDirectoryWithoutAClusterIsNamedWithWhatToDo(String command) {
        AtlasRun run = AtlasRun.of(words(command + " --dir " + directory));
        assertAll(
                () -> assertEquals(1, run.exitCode(), run::toString),
                () -> assertTrue(
                        run.err().contains("there is no cluster in " + directory + ": start one with ./atlas up"),
                        run::toString));
    }

    @Test
    void aProgramGetsTheErrorAsJson() {
        AtlasRun wrong = AtlasRun.of("up", "--replicas", "3", "--json");
        assertFalse(wrong.json().get("ok").asBoolean(true));
        assertTrue(wrong.json().get("error").asText().startsWith("--replicas"), wrong::toString);
        AtlasRun failed = AtlasRun.of("status", "--dir", directory.toString(), "--json");
        assertFalse(failed.json().get("ok").asBoolean(true));
        assertTrue(failed.json().get("error").asText().startsWith("there is no cluster"), failed::toString);
    }

    @Test
    void stoppingWhatIsNotThereIsNoError() {
        AtlasRun run = AtlasRun.of("down", "--dir", directory.toString());
        assertEquals(0, run.exitCode());
        assertTrue(run.out().contains("nothing to stop"), run::toString);
    }

    private static String[] words(String command) {
        return command.strip().split("\\s+");
    }
}
