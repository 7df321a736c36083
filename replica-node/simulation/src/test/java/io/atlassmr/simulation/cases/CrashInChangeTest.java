package io.atlassmr.simulation.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.simulation.plot.Plot;
import io.atlassmr.simulation.plot.Stage;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.scenario.FaultKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Power fails at every step of every change: at a member that leads, one that follows, the one that changes, and all at once. The others
 * go on, the change is done once, and who was down comes back into the new epoch.
 */
class CrashInChangeTest {

    private static final int OLD = 2;
    private static final int NEW = 4;
    private static final int BEFORE = 60;
    private static final int MEANWHILE = 60;
    /** Several decisions may come at once. */
    private static final int LAST_FEW = 8;

    private static final long HOUR_MILLIS = 3_600_000;

    /** What is done to the members. */
    private enum Change {
        JOIN,
        REPLACE,
        LEAVE,
        ROTATE_KEY,
        MOVE;

        int replicas() {
            return this == LEAVE ? 5 : 4;
        }

        /** Who they are in the end. */
        List<Integer> members() {
            return switch (this) {
                case JOIN -> List.of(0, 1, 2, 3, 4);
                case REPLACE, LEAVE -> List.of(0, 1, 3, 4);
                case ROTATE_KEY, MOVE -> List.of(0, 1, 2, 3);
            };
        }

        boolean hasNewcomer() {
            return this == JOIN || this == REPLACE;
        }

        /** Has it asked for at one replica. */
        void ask(Stage stage, int replica) {
            switch (this) {
                case JOIN -> stage.ask(stage.admission(NEW, HOUR_MILLIS, Command.Admit.NOBODY), replica);
                case REPLACE -> stage.ask(stage.admission(NEW, HOUR_MILLIS, OLD), replica);
                case LEAVE -> stage.ask(new Command.Leave(OLD), replica);
                case ROTATE_KEY -> stage.rotateKey(OLD, replica);
                case MOVE -> stage.ask(new Command.Move(OLD, "elsewhere", 7002, 8002), replica);
            }
        }
    }

    /** How far a change has come. */
    private enum Step {
        ASKED,
        ADMITTED,
        OBSERVING,
        TRANSFERRED,
        POSITION_SIGNED,
        APPROVED,
        ORDERED,
        ABOUT_TO_BEGIN,
        BEGUN,
        AFTER;

        boolean isReached(Stage stage, Change change) {
            return switch (this) {
                case ASKED -> true;
                case ADMITTED -> stage.isAdmitted(NEW);
                case OBSERVING -> stage.machine(NEW).isRunning();
                case TRANSFERRED -> stage.machine(NEW).statistics().installs() > 0;
                case POSITION_SIGNED -> stage.hasAskedToJoin(NEW);
                case APPROVED -> stage.approvers(NEW) >= new Quorum(change.replicas()).size();
                case ORDERED -> stage.nextEpoch().isPresent();
                case ABOUT_TO_BEGIN ->
                    stage.nextEpoch()
                            .filter(next -> stage.decided() >= next.base() - LAST_FEW)
                            .isPresent();
                case BEGUN -> stage.epoch().number() == 2;
                case AFTER ->
                    stage.epoch().number() == 2
                            && stage.decided() > stage.epoch().base() + 20;
            };
        }

        boolean isOfNewcomer() {
            return compareTo(ADMITTED) >= 0 && compareTo(APPROVED) <= 0;
        }
    }

    /** Whose power fails. */
    private enum Victim {
        LEADER,
        FOLLOWER,
        CHANGING,
        ALL
    }

    private static List<Step> steps(Change change) {
        return Stream.of(Step.values())
                .filter(step -> change.hasNewcomer() || !step.isOfNewcomer())
                .toList();
    }

    static List<Arguments> everyStepOfEveryChange() {
        List<Arguments> all = new ArrayList<>();
        for (Change change : Change.values()) {
            for (Step step : steps(change)) {
                for (Victim victim : Victim.values()) {
                    boolean isThere =
                            victim != Victim.CHANGING || change != Change.JOIN || step.compareTo(Step.OBSERVING) >= 0;
                    if (isThere) {
                        all.add(Arguments.of(change, step, victim));
                    }
                }
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @MethodSource
    void everyStepOfEveryChange(Change change, Step step, Victim victim) {
        List<Machine> down = new ArrayList<>();
        long[] decided = new long[1];
        Case.of(change.replicas(), 16)
                .with(drawn -> drawn.withFaults(FaultKind.MEMBERSHIP_CHANGE))
                .run(Plot.begin()
                        .then(stage -> stage.newcomers().forEach(newcomer -> newcomer.crash(false)))
                        .whenDecided(BEFORE)
                        .then(stage -> change.ask(stage, 1))
                        .then(until(step, change))
                        .then(stage -> {
                            requireAt(step, change, stage);
                            down.addAll(victims(victim, change, stage));
                            down.forEach(machine -> assertTrue(machine.isUp()));
                            down.forEach(machine -> machine.crash(true));
                            decided[0] = stage.decided();
                        })
                        .when(
                                "the others to go on",
                                stage -> victim == Victim.ALL || stage.decided() >= decided[0] + MEANWHILE)
                        .then(stage -> {
                            down.forEach(Machine::start);
                            if (change.hasNewcomer()) {
                                stage.machine(NEW).start();
                            }
                        })
                        .then(stage -> decided[0] = stage.decided())
                        .when("all to go on", stage -> stage.decided() >= decided[0] + MEANWHILE)
                        .then(stage -> {
                            if (step == Step.ASKED && isUndone(change, stage)) {
                                // Who was asked forgot it; the administrator asks again.
                                change.ask(stage, 3);
                            }
                        })
                        .when(change + " to be done", stage -> stage.epoch().number() == 2)
                        .then(stage -> decided[0] = stage.decided())
                        .when("the new epoch to go on", stage -> stage.decided() >= decided[0] + MEANWHILE)
                        .then(stage -> requireDone(change, stage))
                        .when(
                                "those who were down to have come back",
                                stage -> down.stream()
                                        .filter(machine -> change.members().contains(machine.id()))
                                        .allMatch(machine -> stage.isLevel(machine.id()))));
    }

    /** Lets time pass until the change has come so far. The newcomer is started once it is admitted. */
    private static Plot until(Step last, Change change) {
        Plot plot = Plot.begin();
        for (Step step : steps(change)) {
            if (step.compareTo(last) > 0) {
                return plot;
            }
            if (step == Step.OBSERVING) {
                plot = plot.then(stage -> stage.machine(NEW).start());
            }
            plot = plot.onceJust(change + " " + step, stage -> step.isReached(stage, change));
        }
        return plot;
    }

    /** It is at this step, and not yet at the next. */
    private static void requireAt(Step step, Change change, Stage stage) {
        List<Step> steps = steps(change);
        int next = steps.indexOf(step) + 1;
        if (next < steps.size()) {
            assertFalse(steps.get(next).isReached(stage, change), () -> "already " + steps.get(next));
        }
    }

    private static List<Machine> victims(Victim victim, Change change, Stage stage) {
        int leader = stage.leader();
        return switch (victim) {
            case LEADER -> List.of(stage.machine(leader));
            case FOLLOWER -> List.of(stage.machine(leader == 3 ? 1 : 3));
            case CHANGING -> List.of(stage.machine(change == Change.JOIN ? NEW : OLD));
            case ALL -> stage.machines().stream().filter(Machine::isUp).toList();
        };
    }

    private static boolean isUndone(Change change, Stage stage) {
        return stage.epoch().number() == 1
                && stage.nextEpoch().isEmpty()
                && !(change.hasNewcomer() && stage.isAdmitted(NEW));
    }

    private static void requireDone(Change change, Stage stage) {
        Epoch epoch = stage.epoch();
        assertEquals(2, epoch.number());
        assertEquals(
                change.members(),
                epoch.membership().members().stream().map(Member::id).toList());
        switch (change) {
            case ROTATE_KEY -> {
                byte[] key = epoch.membership().member(OLD).orElseThrow().publicKey();
                assertFalse(Arrays.equals(key, stage.machine(OLD).identity().publicKey()));
            }
            case MOVE ->
                assertEquals(
                        "elsewhere",
                        epoch.membership().member(OLD).orElseThrow().host());
            case JOIN, REPLACE, LEAVE -> {}
        }
    }
}
