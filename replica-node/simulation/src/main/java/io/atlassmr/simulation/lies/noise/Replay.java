package io.atlassmr.simulation.lies.noise;

import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Says again what it or others said long ago. */
public final class Replay implements Lie {

    private static final int MAX_KEPT = 300;
    private static final int REPLAYED = 4;

    private final Liar liar;
    private final List<Letter> heard = new ArrayList<>();

    public Replay(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        keep(letter);
        next.accept(letter);
    }

    @Override
    public void overhear(Letter letter, int from) {
        keep(letter);
    }

    private void keep(Letter letter) {
        if (heard.size() < MAX_KEPT) {
            heard.add(letter);
        } else {
            heard.set(liar.random().nextInt(MAX_KEPT), letter);
        }
    }

    @Override
    public void act() {
        if (heard.isEmpty()) {
            return;
        }
        liar.lied(LieKind.REPLAY, "");
        int to = liar.anyOther();
        List<Signed<? extends ProtocolMessage>> signed = new ArrayList<>();
        for (int i = 0; i < REPLAYED; i++) {
            Letter letter = heard.get(liar.random().nextInt(heard.size()));
            liar.post(to, letter.frame());
            if (letter.signed() != null && letter.batch() == null) {
                signed.add(letter.signed());
            }
        }
        if (!signed.isEmpty()) {
            liar.post(to, PeerFrames.forwarded(signed, List.of()));
        }
    }
}
