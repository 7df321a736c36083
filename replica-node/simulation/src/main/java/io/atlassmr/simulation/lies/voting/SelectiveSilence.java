package io.atlassmr.simulation.lies.voting;

import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Talks to some members only, to others after a while. */
public final class SelectiveSilence implements Lie {

    private static final int CHANGE_PERMILLE = 20;

    private final Liar liar;
    private Set<Integer> shunned = new TreeSet<>();

    public SelectiveSilence(Liar liar) {
        this.liar = liar;
        shun();
    }

    private void shun() {
        shunned = new TreeSet<>();
        int most = 1 + liar.random().nextInt(liar.membership().quorum().f() + 1);
        for (int i = 0; i < most; i++) {
            shunned.add(liar.anyOther());
        }
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        if (shunned.contains(letter.to())) {
            liar.lied(LieKind.SELECTIVE_SILENCE, "towards replica " + letter.to());
        } else {
            next.accept(letter);
        }
    }

    @Override
    public void act() {
        if (liar.sometimes(CHANGE_PERMILLE)) {
            shun();
        }
    }
}
