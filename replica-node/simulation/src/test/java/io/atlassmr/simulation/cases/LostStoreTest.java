package io.atlassmr.simulation.cases;

import io.atlassmr.runtime.port.RecordFamily;
import io.atlassmr.simulation.plot.Plot;
import io.atlassmr.simulation.plot.Stage;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A replica whose disk lost or damaged what it wrote. */
class LostStoreTest {

    private static final int VICTIM = 3;

    private static Plot restartAfter(Consumer<Stage> loss) {
        return Plot.begin()
                .whenDecided(70)
                .then(stage -> stage.machine(VICTIM).crash(false))
                .then(loss)
                .then(stage -> stage.machine(VICTIM).start())
                .whenLevel(VICTIM);
    }

    @Test
    void aWipedReplicaFetchesEverythingAndVotesAgain() {
        Case.of(4, 16).run(restartAfter(stage -> stage.machine(VICTIM).wipe())).had("INSTALLED_STATES");
    }

    @Test
    void aWipedReplicaVotesAgainWhereCheckpointsAreRare() {
        Case.of(4, Case.NO_CHECKPOINT)
                .run(restartAfter(stage -> stage.machine(VICTIM).wipe()))
                .had("STABLE_CHECKPOINTS");
    }

    @Test
    void aWipedLeaderComesBack() {
        Case.of(4, 16)
                .run(Plot.begin()
                        .whenDecided(70)
                        .then(stage -> stage.machine(0).wipe())
                        .then(stage -> stage.machine(0).start())
                        .whenLevel(0));
    }

    @Test
    void asManyAsMayBeWrongAreWipedAtOnceAndComeBack() {
        Case.of(7, 16)
                .run(Plot.begin()
                        .whenDecided(70)
                        .then(stage -> {
                            stage.machine(0).wipe();
                            stage.machine(VICTIM).wipe();
                            stage.machine(0).start();
                            stage.machine(VICTIM).start();
                        })
                        .whenLevel(0)
                        .whenLevel(VICTIM));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aDamagedSnapshotGivesWayToAnOlderOneOrThePeers(long byteSeed) {
        Case.of(4, 16).run(restartAfter(stage -> {
            if (!stage.machine(VICTIM).files().damageNewest(new SplittableRandom(byteSeed))) {
                throw new AssertionError("there is no checkpoint to be damaged");
            }
        }));
    }

    @ParameterizedTest
    @EnumSource(
            value = RecordFamily.class,
            names = {"DECISIONS", "BATCHES", "VOTES", "VIEWS"})
    void aDamagedRecordInTheMiddleOfTheLogIsFetchedFromThePeersOrAbstainedFrom(RecordFamily family) {
        Plot viewChange = Plot.begin()
                .whenDecided(30)
                .then(stage -> stage.isolate(0))
                .when("the next view", stage -> stage.view() > 0)
                .then(Stage::mend);
        for (int byteSeed = 1; byteSeed <= 3; byteSeed++) {
            SplittableRandom random = new SplittableRandom(byteSeed);
            Case.of(4, 16).run(viewChange.then(restartAfter(stage -> {
                if (stage.machine(VICTIM).disk().damage(family, random) < 0) {
                    throw new AssertionError("there is no record to be damaged");
                }
            })));
        }
    }

    @Test
    void aDamagedCertificateOfACheckpointGivesWayToAnOlderOneOrThePeers() {
        Case.of(4, 16).run(restartAfter(stage -> {
            if (stage.machine(VICTIM).disk().damageLast(RecordFamily.CHECKPOINTS, new SplittableRandom(1)) < 0) {
                throw new AssertionError("there is no certificate to be damaged");
            }
        }));
    }
}
