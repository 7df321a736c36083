package io.atlassmr.simulation.lies.views;

import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Opens its views with what members said for earlier ones, and shows openings that are long past. */
public final class StaleNewView implements Lie {

    private static final int STALE_PERMILLE = 600;

    private final Liar liar;

    public StaleNewView(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        if (letter.says() instanceof NewView opening
                && letter.signed().signer() == liar.id()
                && liar.sometimes(STALE_PERMILLE)) {
            NewView stale = new NewView(opening.view(), oldest());
            liar.lied(LieKind.STALE_NEW_VIEW, "of view " + opening.view());
            next.accept(liar.letter(letter.to(), stale, null));
        } else {
            next.accept(letter);
        }
    }

    private List<Signed<ViewChange>> oldest() {
        TreeMap<Integer, Signed<ViewChange>> bySigner = new TreeMap<>();
        for (Signed<ViewChange> viewChange : liar.conspiracy().allViewChanges()) {
            bySigner.putIfAbsent(viewChange.signer(), viewChange);
        }
        List<Signed<ViewChange>> oldest = new ArrayList<>(bySigner.values());
        return oldest.subList(
                0, Math.min(oldest.size(), liar.membership().quorum().size()));
    }

    @Override
    public void act() {
        List<Signed<NewView>> known = liar.conspiracy().newViews();
        if (!known.isEmpty() && liar.sometimes(300)) {
            Signed<NewView> old = known.get(liar.random().nextInt(known.size()));
            liar.lied(
                    LieKind.STALE_NEW_VIEW,
                    "shown again, of view " + old.message().view());
            liar.post(liar.anyOther(), PeerFrames.forwarded(List.of(old), List.of()));
        }
    }
}
