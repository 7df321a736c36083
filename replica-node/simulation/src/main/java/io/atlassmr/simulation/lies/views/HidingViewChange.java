package io.atlassmr.simulation.lies.views;

import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.List;
import java.util.function.Consumer;

/** Conceals what it prepared, and where it can, what it knows to be decided. */
public final class HidingViewChange implements Lie {

    private final Liar liar;

    public HidingViewChange(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        if (letter.says() instanceof ViewChange own && letter.signed().signer() == liar.id()) {
            liar.lied(LieKind.HIDING_VIEW_CHANGE, "to view " + own.view());
            next.accept(liar.letter(letter.to(), hidden(own), null));
        } else {
            next.accept(letter);
        }
    }

    /** The least that the proofs at hand allow to say. */
    static ViewChange hidden(ViewChange own) {
        boolean provable = own.decided().size() == own.lastDecided();
        return provable
                ? new ViewChange(own.view(), 0, List.of(), List.of())
                : new ViewChange(own.view(), own.lastDecided(), own.decided(), List.of());
    }
}
