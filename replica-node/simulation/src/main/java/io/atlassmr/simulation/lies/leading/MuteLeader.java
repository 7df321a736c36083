package io.atlassmr.simulation.lies.leading;

import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.function.Consumer;

/** Says nothing about agreement while it leads. */
public final class MuteLeader implements Lie {

    private final Liar liar;

    public MuteLeader(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        if (letter.trafficClass() == TrafficClass.PROTOCOL && liar.leads()) {
            liar.lied(LieKind.MUTE_LEADER, "");
        } else {
            next.accept(letter);
        }
    }
}
