package io.atlassmr.simulation.lies.state;

import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.function.Consumer;

/** Offers its checkpoint and claims its log, and gives at most a little of them. */
public final class StalledTransfer implements Lie {

    private static final int GIVEN_PERMILLE = 100;

    private final Liar liar;

    public StalledTransfer(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        boolean gives = letter.message() != null
                && (letter.message().getStateTransfer().hasPartsAnswer()
                        || letter.message().getStateTransfer().hasManifestAnswer()
                        || letter.message().getLogTransfer().hasDecisions());
        if (gives && !liar.sometimes(GIVEN_PERMILLE)) {
            liar.lied(LieKind.STALLED_TRANSFER, "towards replica " + letter.to());
        } else {
            next.accept(letter);
        }
    }
}
