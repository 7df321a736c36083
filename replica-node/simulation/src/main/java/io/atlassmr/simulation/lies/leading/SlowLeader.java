package io.atlassmr.simulation.lies.leading;

import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.function.Consumer;

/** Proposes and opens views late: as often within the time that others give it as not. */
public final class SlowLeader implements Lie {

    private final Liar liar;

    public SlowLeader(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        switch (letter.says()) {
            case PrePrepare _, NewView _ -> {
                long timeoutMicros = 1000 * liar.world().scenario().protocol().progressTimeoutMillis();
                long delayMicros = timeoutMicros / 4 + liar.random().nextLong(timeoutMicros * 3 / 2);
                liar.lied(LieKind.SLOW_LEADER, "by " + delayMicros + " us");
                liar.postLater(letter, delayMicros);
            }
            case null, default -> next.accept(letter);
        }
    }
}
