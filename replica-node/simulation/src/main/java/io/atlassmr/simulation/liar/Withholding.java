package io.atlassmr.simulation.liar;

import io.atlassmr.protocol.message.Commit;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.function.Consumer;

/** Keeps its commits to itself, and the decisions that they make; shows in view changes that it has them. */
final class Withholding implements Lie {

    private final Liar liar;

    Withholding(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        boolean commit = letter.says() instanceof Commit;
        boolean help = letter.trafficClass() == TrafficClass.STATE_TRANSFER
                || (letter.message() != null && letter.message().hasForwardedProtocol());
        if (commit || help) {
            liar.lied(LieKind.WITHHOLDING, "");
        } else {
            next.accept(letter);
        }
    }
}
