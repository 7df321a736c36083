package io.atlassmr.simulation.liar;

import io.atlassmr.protocol.message.Commit;
import io.atlassmr.protocol.message.ViewChange;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.function.Consumer;

/**
 * Keeps its commits to itself, and the decisions that only they make; and says for every new view, before anybody else does,
 * that it has them.
 */
final class Withholding implements Lie {

    private final Liar liar;
    private ViewChange last;

    Withholding(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        if (letter.says() instanceof ViewChange own && letter.signed().signer() == liar.id()) {
            last = own;
        }
        boolean commit = letter.says() instanceof Commit;
        boolean help = letter.trafficClass() == TrafficClass.STATE_TRANSFER
                || (letter.message() != null && letter.message().hasForwardedProtocol());
        if (commit || help) {
            liar.lied(LieKind.WITHHOLDING, "");
        } else {
            next.accept(letter);
        }
    }

    @Override
    public void act() {
        long view = liar.view();
        if (last != null && last.view() <= view) {
            last = new ViewChange(view + 1, last.lastDecided(), last.decided(), last.prepared());
            liar.lied(LieKind.WITHHOLDING, "what it asks view " + last.view() + " to begin from");
            liar.others().forEach(member -> liar.post(liar.letter(member, last, null)));
        }
    }
}
