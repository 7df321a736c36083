package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.cli.AtlasProcess;
import io.atlassmr.cli.AtlasRun;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ctrl-C, and the signal that services are stopped with, while a command changes the members under load: the command ends at once and
 * says what becomes of what it asked for, the cluster goes on as one, and the same command given again sees the change through.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InterruptedChangesProcessTest {

    private static final int CTRL_C = 130;
    private static final int TERMINATED = 143;
    private static final long ENDS_WITHIN_SECONDS = 20;
    private static final long HAPPENS_WITHIN_SECONDS = 60;

    @TempDir
    private static Path temporary;

    private static ChangingCluster cluster;
    private static int interrupted;

    @BeforeAll
    static void start() throws Exception {
        cluster = ChangingCluster.up(temporary, 8);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private interface Moment {
        boolean hasCome() throws Exception;
    }

    /** Runs a command under load, and sends it a signal at this moment. Few end before it arrives, which is no harm. */
    private static void interrupt(String signal, int exitCode, Moment moment, String... arguments) throws Exception {
        cluster.startLoad(arguments[0]);
        AtlasProcess command = cluster.command(arguments);
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(HAPPENS_WITHIN_SECONDS);
        while (!moment.hasCome()) {
            assertTrue(command.isAlive(), command::said);
            assertTrue(System.nanoTime() - deadlineNanos < 0, command::said);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        command.signal(signal);
        int ended = command.await(ENDS_WITHIN_SECONDS);
        if (ended != 0) {
            assertEquals(exitCode, ended, command::said);
            assertTrue(command.said().contains("Interrupted."), command::said);
            interrupted++;
        }
    }

    private static void again(String... arguments) {
        AtlasRun run = cluster.atlas(arguments);
        assertEquals(0, run.exitCode(), run::toString);
    }

    /** The moment at which a replica has taken such a command. */
    private static Moment isAskedFor(String what) throws Exception {
        ChangingCluster.Listener listener = cluster.listen("action=\"" + what + " ");
        return listener::hasHeard;
    }

    private static void requireOne(String what, Integer... members) throws Exception {
        cluster.endLoadAndCompare(what);
        assertEquals(List.of(members), cluster.members());
    }

    @Test
    @Order(1)
    void anAdmissionIsGivenOnce() throws Exception {
        interrupt("INT", CTRL_C, isAskedFor("admit"), "admit", "--id", "4");
        again("admit", "--id", "4");
        again("admit", "--id", "4");
        assertTrue(cluster.isAdmitted(4));
        requireOne("admit", 0, 1, 2, 3);
    }

    @Test
    @Order(2)
    void aJoinGoesOnWithTheReplicaThatWasStarted() throws Exception {
        interrupt("INT", CTRL_C, () -> cluster.runs(4), "join", "4");
        again("join", "4");
        requireOne("join", 0, 1, 2, 3, 4);
        assertEquals(2, cluster.epoch());
    }

    @Test
    @Order(3)
    void aKeyIsChangedWithoutTheCommand() throws Exception {
        long epoch = cluster.epoch();
        interrupt("TERM", TERMINATED, isAskedFor("rotatekey"), "rotate-key", "1");
        awaitEpoch(epoch + 1);
        requireOne("rotate-key", 0, 1, 2, 3, 4);
    }

    private static void awaitEpoch(long epoch) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(HAPPENS_WITHIN_SECONDS);
        while (cluster.epoch() < epoch) {
            assertTrue(System.nanoTime() - deadlineNanos < 0, "no epoch " + epoch);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    @Test
    @Order(4)
    void leadershipIsMoved() throws Exception {
        interrupt("INT", CTRL_C, isAskedFor("lead"), "transfer-leadership", "2");
        again("transfer-leadership", "2");
        requireOne("transfer-leadership", 0, 1, 2, 3, 4);
    }

    @Test
    @Order(5)
    void aMemberThatLeftIsStoppedByTheCommandThatIsRepeated() throws Exception {
        interrupt("INT", CTRL_C, isAskedFor("leave"), "leave", "4");
        again("leave", "4");
        assertTrue(!cluster.runs(4));
        requireOne("leave", 0, 1, 2, 3);
    }

    @Test
    @Order(6)
    void aReplacementGoesOnWithTheReplicaThatWasStarted() throws Exception {
        interrupt("TERM", TERMINATED, () -> cluster.runs(5), "replace", "3");
        again("replace", "3", "5");
        assertTrue(!cluster.runs(3));
        requireOne("replace", 0, 1, 2, 5);
        assertTrue(interrupted >= 3, "only " + interrupted + " commands were interrupted");
    }
}
