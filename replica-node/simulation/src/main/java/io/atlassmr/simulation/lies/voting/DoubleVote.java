package io.atlassmr.simulation.lies.voting;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Vote;
import io.atlassmr.simulation.liar.Conspiracy;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.function.Consumer;

/** Votes for what others were told, for what nobody proposed, and at once for all that is proposed. */
public final class DoubleVote implements Lie {

    private static final int SECOND_PERMILLE = 100;
    private static final int HASTE_PERMILLE = 300;

    private final Liar liar;

    public DoubleVote(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        if (!(letter.says() instanceof Vote vote) || letter.signed().signer() != liar.id()) {
            next.accept(letter);
            return;
        }
        if (liar.sometimes(SECOND_PERMILLE)) {
            liar.lied(LieKind.DOUBLE_VOTE, "at " + vote.sequenceNumber() + " towards replica " + letter.to());
            byte[] digest = new byte[Digest.SIZE_BYTES];
            liar.random().nextBytes(digest);
            next.accept(liar.letter(letter.to(), Liar.withDigest(vote, Digest.of(digest)), null));
        }
        next.accept(letter);
    }

    @Override
    public void overhear(Letter letter, int from) {
        if (letter.says() instanceof PrePrepare proposal && liar.sometimes(HASTE_PERMILLE)) {
            liar.lied(LieKind.DOUBLE_VOTE, "for all that is proposed at " + proposal.sequenceNumber());
            for (int member : liar.others()) {
                Conspiracy.Split split = liar.conspiracy().splitAt(proposal.view(), proposal.sequenceNumber());
                Digest digest = split == null ? proposal.digest() : split.toldTo(member);
                liar.post(liar.letter(member, new Prepare(proposal.view(), proposal.sequenceNumber(), digest), null));
                liar.post(liar.letter(member, new Commit(proposal.view(), proposal.sequenceNumber(), digest), null));
            }
        }
    }
}
