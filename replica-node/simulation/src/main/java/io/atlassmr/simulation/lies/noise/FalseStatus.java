package io.atlassmr.simulation.lies.noise;

import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.List;
import java.util.function.Consumer;

/** Claims to be far ahead or in other views, suspects every leader, and asks for what cannot be. */
public final class FalseStatus implements Lie {

    private static final long[] NUMBERS = {-1, 0, 1, 1_000, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};

    private final Liar liar;

    public FalseStatus(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        if (letter.message() != null && letter.message().hasStatus()) {
            liar.lied(LieKind.FALSE_STATUS, "towards replica " + letter.to());
            ReplicaStatus status = liar.status();
            var claim = letter.message().toBuilder();
            claim.getStatusBuilder()
                    .setLastDecided(status.lastDecided() + any())
                    .setView(liar.random().nextBoolean() ? status.view() : any())
                    .setInViewTransfer(liar.random().nextBoolean());
            next.accept(Letter.read(
                    letter.to(), letter.trafficClass(), claim.build().toByteArray()));
        } else {
            next.accept(letter);
        }
    }

    @Override
    public void act() {
        int to = liar.anyOther();
        liar.lied(LieKind.FALSE_STATUS, "unasked");
        switch (liar.random().nextInt(6)) {
            case 0 -> liar.post(to, PeerFrames.instanceRequest(any(), any(), any()));
            case 1 -> liar.post(to, PeerFrames.decisionsRequest(any(), any()));
            case 2 -> liar.post(liar.letter(to, new Suspect(liar.view(), liar.leads()), null));
            case 3 -> liar.post(liar.letter(to, new Suspect(Math.abs(any() / 2), false), null));
            case 4 -> liar.post(liar.letter(to, new ViewChange(Math.abs(any() / 2), 0, List.of(), List.of()), null));
            default -> liar.post(to, PeerFrames.decisions(List.of(), liar.epoch()));
        }
    }

    private long any() {
        return NUMBERS[liar.random().nextInt(NUMBERS.length)];
    }
}
