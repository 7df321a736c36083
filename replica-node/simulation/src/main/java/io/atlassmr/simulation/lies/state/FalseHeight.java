package io.atlassmr.simulation.lies.state;

import io.atlassmr.runtime.frame.StateTransferFrames;
import io.atlassmr.runtime.frame.StateTransferFrames.PartContent;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import io.atlassmr.wire.v1.CheckpointOffer;
import io.atlassmr.wire.v1.PeerMessage;
import java.util.List;
import java.util.function.Consumer;

/** Offers checkpoints that lie far ahead, claims a log that begins there, wishes for one there, and gives what nobody asked for. */
public final class FalseHeight implements Lie {

    private static final int FALSE_PERMILLE = 500;
    private static final long[] AHEAD = {1, 16, 1_000, 1L << 40, Long.MAX_VALUE / 2};

    private final Liar liar;

    public FalseHeight(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        PeerMessage message = letter.message();
        boolean offers = message != null && message.getStateTransfer().hasCheckpointOffer();
        if (message == null || !(offers || message.hasStatus()) || !liar.sometimes(FALSE_PERMILLE)) {
            next.accept(letter);
            return;
        }
        PeerMessage.Builder frame = message.toBuilder();
        long ahead = ahead();
        if (offers) {
            CheckpointOffer.Builder offer = frame.getStateTransferBuilder().getCheckpointOfferBuilder();
            long height = offer.getHeader().getSequenceNumber() + ahead;
            offer.getHeaderBuilder().setSequenceNumber(height);
            offer.getCertificateBuilder().setSequenceNumber(height);
        } else {
            long height = frame.getStatus().getLastDecided() + ahead;
            frame.getStatusBuilder()
                    .setFirstAvailable(liar.random().nextBoolean() ? height : 1)
                    .setLastDecided(height)
                    .setStableCheckpoint(height)
                    .setWantsCheckpoint(height);
        }
        liar.lied(LieKind.FALSE_HEIGHT, "towards replica " + letter.to());
        next.accept(
                Letter.read(letter.to(), letter.trafficClass(), frame.build().toByteArray()));
    }

    private long ahead() {
        return AHEAD[liar.random().nextInt(AHEAD.length)];
    }

    @Override
    public void act() {
        if (!liar.sometimes(FALSE_PERMILLE)) {
            return;
        }
        int to = liar.anyOther();
        long height = liar.status().lastDecided() + ahead() - 16;
        int item = liar.random().nextInt(-1, 40);
        liar.lied(LieKind.FALSE_HEIGHT, "unasked");
        switch (liar.random().nextInt(5)) {
            case 0 ->
                liar.post(to, StateTransferFrames.parts(height, List.of(new PartContent(item, new byte[] {1, 2, 3}))));
            case 1 -> liar.post(to, StateTransferFrames.page(height, item, new byte[] {1, 2, 3}, List.of()));
            case 2 -> liar.post(to, StateTransferFrames.notKept(height));
            case 3 -> liar.post(to, StateTransferFrames.partsRequest(height, List.of(0, item, Integer.MAX_VALUE)));
            default -> liar.post(to, StateTransferFrames.pagesRequest(height, List.of(0, item, -1), item));
        }
    }
}
