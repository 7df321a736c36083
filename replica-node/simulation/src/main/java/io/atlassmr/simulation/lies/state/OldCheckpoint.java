package io.atlassmr.simulation.lies.state;

import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import io.atlassmr.wire.v1.CheckpointOffer;
import io.atlassmr.wire.v1.PeerMessage;
import java.util.function.Consumer;

/** Offers to everybody the first checkpoint that it ever offered, and as its progress the first that it ever told. */
public final class OldCheckpoint implements Lie {

    private final Liar liar;
    private CheckpointOffer first;

    public OldCheckpoint(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        if (letter.message() == null || !letter.message().getStateTransfer().hasCheckpointOffer()) {
            next.accept(letter);
            return;
        }
        CheckpointOffer offer = letter.message().getStateTransfer().getCheckpointOffer();
        if (first == null) {
            first = offer;
        }
        if (!first.equals(offer)) {
            liar.lied(LieKind.OLD_CHECKPOINT, "towards replica " + letter.to());
        }
        PeerMessage.Builder frame = letter.message().toBuilder();
        frame.getStateTransferBuilder().setCheckpointOffer(first);
        next.accept(
                Letter.read(letter.to(), letter.trafficClass(), frame.build().toByteArray()));
    }
}
