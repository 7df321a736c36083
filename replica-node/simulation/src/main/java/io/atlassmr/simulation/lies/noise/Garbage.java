package io.atlassmr.simulation.lies.noise;

import io.atlassmr.api.ClientId;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.function.Consumer;

/** Sends random bytes, and real frames with some bits turned. */
public final class Garbage implements Lie {

    private static final int DAMAGE_PERMILLE = 100;
    private static final int MAX_BYTES = 300;

    private final Liar liar;
    private byte[] heard = new byte[0];

    public Garbage(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        next.accept(letter);
        if (liar.sometimes(DAMAGE_PERMILLE)) {
            liar.lied(LieKind.GARBAGE, "like a frame of its own");
            liar.post(letter.to(), damaged(letter.frame()));
        }
    }

    @Override
    public byte[] tellClient(ClientId clientId, byte[] frame) {
        return liar.sometimes(DAMAGE_PERMILLE) ? damaged(frame) : frame;
    }

    @Override
    public void overhear(Letter letter, int from) {
        heard = letter.frame();
    }

    @Override
    public void act() {
        liar.lied(LieKind.GARBAGE, "of random bytes");
        byte[] bytes = new byte[liar.random().nextInt(MAX_BYTES)];
        liar.random().nextBytes(bytes);
        liar.post(liar.anyOther(), bytes);
        liar.post(liar.anyOther(), damaged(heard));
    }

    private byte[] damaged(byte[] frame) {
        byte[] copy = frame.clone();
        for (int i = 0; copy.length > 0 && i <= liar.random().nextInt(4); i++) {
            copy[liar.random().nextInt(copy.length)] ^=
                    (byte) (1 << liar.random().nextInt(8));
        }
        return copy;
    }
}
