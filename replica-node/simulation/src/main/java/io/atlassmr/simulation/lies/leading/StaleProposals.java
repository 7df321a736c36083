package io.atlassmr.simulation.lies.leading;

import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Proposes bundles again that were decided long ago, and new ones several times. */
public final class StaleProposals implements Lie {

    private static final int STALE_PERMILLE = 300;
    private static final int MAX_KEPT = 100;

    private final Liar liar;
    private final List<ClientBundle> old = new ArrayList<>();

    public StaleProposals(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        keep(letter);
        liar.proposeInstead(LieKind.STALE_PROPOSALS, letter, STALE_PERMILLE, this::withOldOnes, next);
    }

    @Override
    public void overhear(Letter letter, int from) {
        keep(letter);
    }

    private void keep(Letter letter) {
        if (letter.batch() != null && old.size() < MAX_KEPT) {
            old.addAll(letter.batch().bundles());
        }
    }

    private Batch withOldOnes(Batch batch) {
        List<ClientBundle> bundles = new ArrayList<>(batch.bundles());
        bundles.addAll(batch.bundles());
        for (int i = 0; i < 3 && !old.isEmpty(); i++) {
            bundles.add(
                    liar.random().nextInt(bundles.size() + 1),
                    old.get(liar.random().nextInt(old.size())));
        }
        return BatchCodec.encode(batch.agreedTimeMillis(), bundles);
    }
}
