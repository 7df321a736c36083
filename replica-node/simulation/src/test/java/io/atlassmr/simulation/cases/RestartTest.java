package io.atlassmr.simulation.cases;

import io.atlassmr.simulation.plot.Plot;
import io.atlassmr.simulation.plot.Stage;
import io.atlassmr.simulation.replica.Machine;
import org.junit.jupiter.api.Test;

/** A replica that comes back to its own disk, whatever it has missed meanwhile. */
class RestartTest {

    private static final int AWAY = 3;
    private static final String STATE = "INSTALLED_STATES";

    /** Replica {@value #AWAY} is away while {@code meanwhile} happens, from decision 50 on, and catches up. */
    private static Plot away(Plot meanwhile) {
        return Plot.begin()
                .whenDecided(50)
                .then(stage -> stage.machine(AWAY).crash(false))
                .then(meanwhile)
                .then(stage -> stage.machine(AWAY).start())
                .whenLevel(AWAY);
    }

    @Test
    void withItsDiskIntactItGoesOnByItself() {
        Case.of(4, 16).run(away(Plot.begin())).hadNo(STATE);
    }

    @Test
    void afterTenDecisionsItFetchesThem() {
        Case.of(4, Case.NO_CHECKPOINT).run(away(Plot.begin().whenDecided(60))).hadNo(STATE);
    }

    @Test
    void afterTenThousandDecisionsItFetchesThem() {
        Case.of(4, Case.NO_CHECKPOINT)
                .underLoad(700, 12, 0)
                .run(away(Plot.begin().whenDecided(50 + 10_000)))
                .hadNo(STATE);
    }

    @Test
    void afterSeveralCheckpointsItFetchesTheStateAndWhatFollows() {
        Case.of(4, 16)
                .run(away(Plot.begin()
                        .when("checkpoint 128", stage -> stage.checkpoint() >= 128)
                        .whenDecided(140)))
                .had(STATE);
    }

    @Test
    void afterAViewChangeItJoinsTheView() {
        Case.of(7, Case.NO_CHECKPOINT).run(away(viewChange())).hadNo(STATE);
    }

    @Test
    void afterTenViewChangesItJoinsTheView() {
        Plot ten = Plot.begin();
        for (int i = 0; i < 10; i++) {
            ten = ten.then(viewChange());
        }
        Case.of(7, Case.NO_CHECKPOINT).run(away(ten)).hadNo(STATE);
    }

    /** The leader is cut off until the others have another one. */
    private static Plot viewChange() {
        long[] before = {0, 0};
        return Plot.begin()
                .then(stage -> {
                    before[0] = stage.view();
                    before[1] = stage.decided();
                    stage.isolate(stage.leader());
                })
                .when("the next view", stage -> stage.view() > before[0])
                .when("decisions in it", stage -> stage.decided() > before[1] + 10)
                .then(Stage::mend);
    }

    @Test
    void aTornTailOfTheLogIsLeftOut() {
        Plot powerFailures = Plot.begin().whenDecided(50);
        for (int writes = 1; writes <= 12; writes++) {
            int before = writes;
            powerFailures = powerFailures
                    .then(stage -> stage.machine(AWAY).crashAfterWrites(before))
                    .when("a power failure", stage -> !stage.machine(AWAY).isUp())
                    .then(stage -> stage.machine(AWAY).start())
                    .whenLevel(AWAY);
        }
        Case.of(4, 16).run(powerFailures).had("LOST_WRITES").had("TORN_WRITE");
    }

    @Test
    void allOfThemKilledAtOnceLoseNothingThatWasAcknowledged() {
        Plot outage = Plot.begin()
                .then(stage -> stage.machines().forEach(machine -> machine.crash(true)))
                .then(stage -> stage.machines().forEach(Machine::start))
                .when(
                        "all to be back",
                        stage -> stage.machines().stream().allMatch(machine -> stage.isLevel(machine.id())));

        Case.of(4, 16)
                .run(Plot.begin().whenDecided(70).then(outage).whenDecided(140).then(outage))
                .had("LOST_WRITES");
    }

    @Test
    void farBehindItCatchesUpWhileTheLeaderDies() {
        Case.of(4, 16)
                .run(Plot.begin()
                        .whenDecided(50)
                        .then(stage -> stage.machine(AWAY).crash(false))
                        .whenDecided(140)
                        .then(stage -> stage.machines().forEach(machine -> machine.setStateBytesPerSecond(20_000)))
                        .then(stage -> stage.machine(AWAY).start())
                        .when("the state to come", stage -> stage.fetchesParts(AWAY))
                        .then(stage -> stage.machine(stage.leader()).crash(false))
                        .whenLevel(AWAY)
                        .whenDecided(200)
                        .then(stage -> stage.machine(0).start())
                        .whenLevel(0))
                .had(STATE);
    }
}
