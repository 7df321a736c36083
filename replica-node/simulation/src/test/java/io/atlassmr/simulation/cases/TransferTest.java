package io.atlassmr.simulation.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.simulation.SimulationResult;
import io.atlassmr.simulation.plot.Plot;
import io.atlassmr.simulation.plot.Stage;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can go wrong while a replica that is far behind fetches the state. */
class TransferTest {

    private static final int LIAR = 1;
    private static final int AWAY = 3;
    private static final String STATE = "INSTALLED_STATES";
    private static final String CONTINUED = "CONTINUED_TRANSFERS";

    /** Replica {@value #AWAY} is away for several checkpoints and starts after {@code preparation}. */
    private static Plot farBehind(Consumer<Stage> preparation) {
        return Plot.begin()
                .whenDecided(50)
                .then(stage -> stage.machine(AWAY).crash(false))
                .when("checkpoint 128", stage -> stage.checkpoint() >= 128)
                .then(preparation)
                .then(stage -> stage.machine(AWAY).start());
    }

    @ParameterizedTest
    @EnumSource(
            value = LieKind.class,
            names = {"CORRUPT_PARTS", "OLD_CHECKPOINT", "FORGED_CHECKPOINT", "FALSE_HEIGHT", "STALLED_TRANSFER"})
    void aPeerThatLiesIsFoundOutAndTheOthersServe(LieKind lie) {
        // The liar's first checkpoint is an old one by the time that it is offered again.
        Plot askOnce = Plot.begin()
                .whenDecided(20)
                .then(stage -> stage.machine(2).crash(false))
                .when("checkpoint 64", stage -> stage.checkpoint() >= 64)
                .then(stage -> stage.machine(2).start())
                .whenLevel(2);

        Case.of(4, 16)
                .withLiar(LIAR, lie)
                .run(askOnce.then(Plot.begin()
                        .then(stage -> stage.machine(AWAY).crash(false))
                        .when("checkpoint 160", stage -> stage.checkpoint() >= 160)
                        .then(stage -> stage.machine(AWAY).start())
                        .whenLevel(AWAY)))
                .had(lie)
                .had(STATE);
    }

    @Test
    void aTransferGoesOnAfterACrash() {
        Case.of(4, 16)
                .run(farBehind(stage -> stage.machine(AWAY)
                                .onTransfer(12, () -> stage.machine(AWAY).crash(false)))
                        .when("the crash", stage -> !stage.machine(AWAY).isUp())
                        .then(stage -> stage.machine(AWAY).start())
                        .whenLevel(AWAY))
                .had(STATE)
                .had(CONTINUED);
    }

    @Test
    void aPowerFailureLeavesHalfPartsThatAreFetchedAgain() {
        Case.of(4, 16)
                .run(farBehind(stage -> stage.machine(AWAY)
                                .onTransfer(8, () -> stage.machine(AWAY).crash(true)))
                        .when("the power failure", stage -> !stage.machine(AWAY).isUp())
                        .then(stage -> stage.machine(AWAY).start())
                        .whenLevel(AWAY))
                .had(STATE)
                .had(CONTINUED);
    }

    @Test
    void aFullDiskHoldsATransferUpUntilThereIsRoom() {
        Case.of(4, 16)
                .run(farBehind(stage -> stage.machine(AWAY)
                                .onTransfer(5, () -> stage.machine(AWAY).files().setFull(true)))
                        .when(
                                "the transfer to fail",
                                stage -> stage.machine(AWAY).statistics().failedTransfers() > 0)
                        .then(stage -> stage.machine(AWAY).files().setFull(false))
                        .whenLevel(AWAY))
                .had(STATE);
    }

    @Test
    void writesOutrunASlowLinkAndWhatIsValidOfTheStateIsUsedAgain() {
        Case.of(4, 16)
                .underLoad(30, 300, 150)
                .run(farBehind(stage -> stage.machines().forEach(machine -> machine.setStateBytesPerSecond(20_000)))
                        .whenLevel(AWAY))
                .had(STATE)
                .had(CONTINUED);
    }

    /** The others give more state than the links let through, so that it waits before each of them all the time. */
    @Test
    void votesGoBeforeTheStateThatFillsTheLinks() {
        SimulationResult result = Case.of(4, 16)
                .underLoad(30, 300, 2_000)
                .run(farBehind(stage -> stage.narrow(150_000)).whenLevel(AWAY))
                .had(STATE)
                .result();
        assertEquals(0, result.viewChanges(), result::toString);
    }
}
