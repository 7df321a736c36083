package io.atlassmr.simulation.lies.leading;

import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.List;
import java.util.function.Consumer;

/** Proposes batches without requests: something is decided all the time, and nobody is served. */
public final class EmptyProposals implements Lie {

    private static final int EMPTY_PERMILLE = 1000;

    private final Liar liar;

    public EmptyProposals(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        liar.proposeInstead(
                LieKind.EMPTY_PROPOSALS,
                letter,
                EMPTY_PERMILLE,
                batch -> BatchCodec.encode(batch.agreedTimeMillis(), List.of()),
                next);
    }
}
