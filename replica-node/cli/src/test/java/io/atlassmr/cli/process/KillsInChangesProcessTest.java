package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.cli.AtlasProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * In each round members change under load, and a random process is killed at a random moment: a member, the one that changes, or the
 * command itself. Then the command is repeated until it says that it is done. Whatever was killed, the change is done or undone at all
 * replicas alike, nothing acknowledged is missing, and what clients saw has an order that explains it.
 */
class KillsInChangesProcessTest {

    private static final int FEWEST = 4;
    private static final int MOST = 5;
    private static final int LONGEST_DELAY_MILLIS = 4_000;
    private static final long COMMAND_SECONDS = 180;
    private static final int MOST_TRIES = 5;
    private static final List<Victim> VICTIMS = List.of(Victim.values());

    private static final Logger LOG = Logger.getLogger(KillsInChangesProcessTest.class.getName());

    @TempDir
    private Path temporary;

    @Test
    @Tag("slow")
    void threeRounds() throws Exception {
        play(3, 20_261);
    }

    @Test
    @Tag("long")
    void thirtyRounds() throws Exception {
        play(30, 20_262);
    }

    private enum Change {
        JOIN,
        LEAVE,
        REPLACE,
        ROTATE_KEY
    }

    private enum Victim {
        MEMBER,
        CHANGING,
        COMMAND
    }

    private void play(int rounds, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        try (ChangingCluster cluster = ChangingCluster.up(temporary, FEWEST + 2 * rounds)) {
            int kills = 0;
            for (int round = 0; round < rounds; round++) {
                kills += new Round(cluster, round, random).play() ? 1 : 0;
            }
            assertTrue(kills > rounds / 2, "only " + kills + " processes were there to be killed");
        }
    }

    /** One change, and one process that dies meanwhile. */
    private static final class Round {
        private final ChangingCluster cluster;
        private final SplittableRandom random;
        private final Change change;
        private final Victim victim;
        private final List<Integer> before;
        private final long epoch;
        private final int subject;
        private final int newcomer;
        private final String name;

        Round(ChangingCluster cluster, int round, SplittableRandom random) {
            this.cluster = cluster;
            this.random = random;
            this.before = cluster.members();
            this.epoch = cluster.epoch();
            this.change = draw(before.size());
            this.victim = VICTIMS.get(random.nextInt(VICTIMS.size()));
            this.subject = before.get(random.nextInt(before.size()));
            this.newcomer = cluster.nextId();
            this.name = "round " + round + ": " + change + " of " + before + ", replica " + subject + ", " + victim
                    + " dies";
        }

        private Change draw(int size) {
            List<Change> possible = new ArrayList<>(List.of(Change.REPLACE, Change.ROTATE_KEY));
            if (size > FEWEST) {
                possible.add(Change.LEAVE);
            }
            if (size < MOST) {
                possible.add(Change.JOIN);
            }
            return possible.get(random.nextInt(possible.size()));
        }

        /** Whether somebody was there to be killed. */
        boolean play() throws Exception {
            cluster.startLoad(name);
            AtlasProcess command = cluster.command(arguments());
            pause(random.nextInt(1, LONGEST_DELAY_MILLIS));
            boolean killed = kill(command);
            progress("killed " + killed);
            repeatUntilDone(command);
            progress("done");
            cluster.startMembers();
            cluster.endLoadAndCompare(name);
            progress("compared");
            assertTrue(isDone(cluster.members()), () -> name + ": " + cluster.members());
            return killed;
        }

        private void progress(String what) {
            LOG.info(() -> name + ": " + what);
        }

        private String[] arguments() {
            return switch (change) {
                case JOIN -> new String[] {"join"};
                case LEAVE -> new String[] {"leave", String.valueOf(subject)};
                case REPLACE -> new String[] {"replace", String.valueOf(subject), String.valueOf(newcomer)};
                case ROTATE_KEY -> new String[] {"rotate-key", String.valueOf(subject)};
            };
        }

        /** What is given again, if the command did not end well: it goes on where the first one was. */
        private String[] argumentsAgain() {
            return change == Change.JOIN && cluster.isAdmitted(newcomer)
                    ? new String[] {"join", String.valueOf(newcomer)}
                    : arguments();
        }

        /** Whether the change is done, by who the members are. */
        private boolean isDone(List<Integer> now) {
            TreeSet<Integer> left = new TreeSet<>(before);
            if (change == Change.LEAVE || change == Change.REPLACE) {
                left.remove(subject);
            }
            int size = left.size() + (change == Change.JOIN || change == Change.REPLACE ? 1 : 0);
            return now.size() == size && now.containsAll(left) && cluster.epoch() > epoch;
        }

        private boolean kill(AtlasProcess command) throws Exception {
            if (victim == Victim.COMMAND) {
                boolean alive = command.isAlive();
                command.signal("KILL");
                return alive;
            }
            boolean newcomerDies = victim == Victim.CHANGING && (change == Change.JOIN || change == Change.REPLACE);
            int id = victim == Victim.MEMBER
                    ? before.get(random.nextInt(before.size()))
                    : newcomerDies ? newcomer : subject;
            boolean killed = cluster.kill(id);
            // A newcomer that died is started again by the command that is repeated.
            if (!newcomerDies && cluster.members().contains(id)) {
                cluster.start(id);
            }
            return killed;
        }

        private void repeatUntilDone(AtlasProcess first) throws Exception {
            AtlasProcess command = first;
            for (int tries = 1; command.await(COMMAND_SECONDS) != 0; tries++) {
                assertTrue(tries < MOST_TRIES, name + ": " + command.said());
                List<Integer> now = cluster.members();
                boolean done = isDone(now);
                assertTrue(done || now.equals(before), name + ": " + now + " after " + command.said());
                if (done && (change == Change.JOIN || change == Change.ROTATE_KEY)) {
                    return;
                }
                progress("to be repeated, after " + command.said().lines().reduce("", (_, line) -> line));
                cluster.startMembers();
                command = cluster.command(argumentsAgain());
            }
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(millis * 1_000_000L);
    }
}
