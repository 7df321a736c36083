package io.atlassmr.simulation.lies.views;

import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** Opens its views on the grounds of different view changes for different members, all of them genuine. */
public final class EquivocatingNewView implements Lie {

    private final Liar liar;

    public EquivocatingNewView(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        if (!(letter.says() instanceof NewView opening) || letter.signed().signer() != liar.id()) {
            next.accept(letter);
            return;
        }
        int size = liar.membership().quorum().size();
        List<Signed<ViewChange>> known = new ArrayList<>(liar.conspiracy().viewChangesTo(opening.view()));
        for (Signed<ViewChange> viewChange : opening.viewChanges()) {
            if (known.stream().noneMatch(other -> other.signer() == viewChange.signer())) {
                known.add(viewChange);
            }
        }
        while (known.size() > size) {
            known.remove(liar.random().nextInt(known.size()));
        }
        List<Signed<ViewChange>> chosen = new ArrayList<>();
        for (Signed<ViewChange> viewChange : known) {
            boolean own = viewChange.signer() == liar.id() && liar.random().nextBoolean();
            chosen.add(own ? liar.sign(HidingViewChange.hidden(viewChange.message())) : viewChange);
        }
        chosen.sort(Comparator.comparingInt(Signed::signer));
        liar.lied(LieKind.EQUIVOCATING_NEW_VIEW, "of view " + opening.view() + " towards replica " + letter.to());
        next.accept(liar.letter(letter.to(), new NewView(opening.view(), chosen), null));
    }
}
