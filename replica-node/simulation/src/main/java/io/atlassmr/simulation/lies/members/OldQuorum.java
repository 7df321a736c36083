package io.atlassmr.simulation.lies.members;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.List;

/**
 * Makes up decisions of this epoch with certificates that are sound but for their epoch: a quorum of an earlier one signs, those who left
 * since and those who gave up their keys.
 */
public final class OldQuorum implements Lie {

    private static final int PERMILLE = 200;

    private final Liar liar;

    public OldQuorum(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void act() {
        if (liar.status() == null || !liar.sometimes(PERMILLE)) {
            return;
        }
        long place = liar.status().lastDecided() + 1 + liar.random().nextInt(3);
        Batch batch = BatchCodec.encode(1, List.of());
        Commit commit = new Commit(liar.view(), place, batch.digest());
        for (Epoch earlier : liar.epochs()) {
            List<VoteSignature> votes = liar.signAsEarlier(earlier, commit);
            if (earlier.number() < liar.epoch() && !votes.isEmpty()) {
                liar.lied(LieKind.OLD_QUORUM, "at " + place + " with the keys of epoch " + earlier.number());
                Decision forged = new Decision(new Certificate(liar.view(), place, batch.digest(), votes), batch);
                liar.others().forEach(member -> liar.post(member, PeerFrames.decisions(List.of(forged), liar.epoch())));
                return;
            }
        }
    }
}
