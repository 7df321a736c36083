package io.atlassmr.simulation.lies.members;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
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
import java.util.ArrayList;
import java.util.List;

/** Tells of an epoch that begins soon, without one of the members, which it alone has signed, in the name of all. */
public final class ForgedEpochs implements Lie {

    private static final int PERMILLE = 100;

    private final Liar liar;

    public ForgedEpochs(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void act() {
        if (liar.status() == null || !liar.sometimes(PERMILLE)) {
            return;
        }
        Membership current = liar.membership();
        long base = liar.status().lastDecided() + 1 + liar.random().nextInt(8);
        List<Member> members = new ArrayList<>(current.members());
        members.set(0, moved(members.getFirst()));
        Epoch forged = new Epoch(Membership.of(current.clusterId(), liar.epoch() + 1, members), base);
        Batch batch = BatchCodec.encodeLast(1, forged);
        byte[] signature = liar.sign(new Commit(0, base, batch.digest())).signature();
        List<VoteSignature> votes = current.members().stream()
                .limit(current.quorum().size())
                .map(member -> new VoteSignature(member.id(), signature))
                .toList();
        Decision link = new Decision(new Certificate(0, base, batch.digest(), votes), batch);
        liar.lied(LieKind.FORGED_EPOCHS, "epoch " + forged.number() + " above " + base);
        liar.others().forEach(member -> liar.post(member, PeerFrames.epochs(List.of(link))));
    }

    private static Member moved(Member member) {
        return new Member(member.id(), member.publicKey(), "nowhere", member.peerPort(), member.clientPort());
    }
}
