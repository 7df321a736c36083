package io.atlassmr.simulation.lies.members;

import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.reconfiguration.state.Admission;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;

/** Votes as an observer, before it joins and after it left, and asks to join with positions that it made up. */
public final class UninvitedVotes implements Lie {

    private static final int CLAIM_PERMILLE = 200;

    private final Liar liar;

    public UninvitedVotes(Liar liar) {
        this.liar = liar;
    }

    private boolean isObserver() {
        return liar.status() != null && !liar.membership().contains(liar.id());
    }

    @Override
    public void overhear(Letter letter, int from) {
        if (letter.says() instanceof PrePrepare proposal && isObserver()) {
            liar.lied(LieKind.UNINVITED_VOTES, "at " + proposal.sequenceNumber());
            for (int member : liar.others()) {
                liar.post(liar.letter(
                        member, new Prepare(proposal.view(), proposal.sequenceNumber(), proposal.digest()), null));
                liar.post(liar.letter(
                        member, new Commit(proposal.view(), proposal.sequenceNumber(), proposal.digest()), null));
            }
        }
    }

    @Override
    public void act() {
        Admission admission =
                isObserver() ? liar.status().reconfiguration().admissions().get(liar.id()) : null;
        if (admission != null && liar.sometimes(CLAIM_PERMILLE)) {
            long claimed = liar.status().lastDecided() + liar.random().nextInt(40);
            liar.lied(LieKind.UNINVITED_VOTES, "asks to join at " + claimed);
            for (int member : liar.others()) {
                liar.post(liar.letter(member, new JoinRequest(admission.command(), claimed), null));
            }
        }
    }
}
