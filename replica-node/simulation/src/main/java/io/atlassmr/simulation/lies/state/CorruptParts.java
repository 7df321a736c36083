package io.atlassmr.simulation.lies.state;

import com.google.protobuf.ByteString;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import io.atlassmr.wire.v1.PartContent;
import io.atlassmr.wire.v1.PeerMessage;
import io.atlassmr.wire.v1.StateTransfer;
import java.util.function.Consumer;

/** Gives damaged pages and parts, cut ones, and those of other places. */
public final class CorruptParts implements Lie {

    private static final int CORRUPT_PART_PERMILLE = 700;
    /** Whoever gives a corrupt page is not asked for parts. */
    private static final int CORRUPT_PAGE_PERMILLE = 100;

    private final Liar liar;
    private ByteString lastPart = ByteString.EMPTY;

    public CorruptParts(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        boolean gives = letter.message() != null
                && letter.message().hasStateTransfer()
                && (letter.message().getStateTransfer().hasPartsAnswer()
                        || letter.message().getStateTransfer().hasManifestAnswer());
        if (!gives || !liar.sometimes(permille(letter.message().getStateTransfer()))) {
            next.accept(letter);
            return;
        }
        PeerMessage.Builder frame = letter.message().toBuilder();
        StateTransfer.Builder transfer = frame.getStateTransferBuilder();
        if (transfer.hasPartsAnswer()) {
            int parts = transfer.getPartsAnswer().getPartsCount();
            PartContent.Builder part = transfer.getPartsAnswerBuilder()
                    .getPartsBuilder(liar.random().nextInt(parts));
            ByteString content = part.getContent();
            part.setContent(corrupt(content));
            lastPart = content;
        } else {
            ByteString page = transfer.getManifestAnswer().getContent();
            transfer.getManifestAnswerBuilder().setContent(corrupt(page));
        }
        liar.lied(LieKind.CORRUPT_PARTS, "towards replica " + letter.to());
        next.accept(
                Letter.read(letter.to(), letter.trafficClass(), frame.build().toByteArray()));
    }

    private static int permille(StateTransfer transfer) {
        return transfer.hasPartsAnswer() ? CORRUPT_PART_PERMILLE : CORRUPT_PAGE_PERMILLE;
    }

    private ByteString corrupt(ByteString content) {
        if (content.isEmpty()) {
            return ByteString.copyFromUtf8("lie");
        }
        return switch (liar.random().nextInt(4)) {
            case 0 -> content.substring(0, liar.random().nextInt(content.size()));
            case 1 -> lastPart;
            default -> {
                byte[] bytes = content.toByteArray();
                bytes[liar.random().nextInt(bytes.length)] ^=
                        (byte) (1 << liar.random().nextInt(8));
                yield ByteString.copyFrom(bytes);
            }
        };
    }
}
