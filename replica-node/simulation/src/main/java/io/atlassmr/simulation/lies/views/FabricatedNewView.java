package io.atlassmr.simulation.lies.views;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Opens views that nobody asked for, with view changes it made up. */
public final class FabricatedNewView implements Lie {

    private static final int ACT_PERMILLE = 200;

    private final Liar liar;

    public FabricatedNewView(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void act() {
        ReplicaStatus status = liar.status();
        boolean leads = liar.leads() && !status.inViewTransfer();
        if (!liar.sometimes(leads ? ACT_PERMILLE / 10 : ACT_PERMILLE)) {
            return;
        }
        Membership membership = liar.membership();
        if (!membership.contains(liar.id())) {
            return;
        }
        long view = status.view() + (liar.random().nextBoolean() ? 0 : 1);
        while (membership.leaderOf(view) != liar.id()) {
            view++;
        }
        liar.lied(LieKind.FABRICATED_NEW_VIEW, "of view " + view);
        Signed<ProtocolMessage> opening = liar.sign(new NewView(view, madeUp(view, status)));
        byte[] frame = PeerFrames.message(opening, null);
        for (int member : liar.others()) {
            if (liar.random().nextInt(4) > 0) {
                liar.post(member, frame);
            }
        }
        liar.hear(frame);
    }

    private List<Signed<ViewChange>> madeUp(long view, ReplicaStatus status) {
        int size = liar.membership().quorum().size();
        boolean claimsDecisions = liar.random().nextInt(8) == 0;
        boolean claimsPrepared = liar.random().nextInt(4) == 0;
        boolean duplicatesOwn = liar.random().nextInt(4) == 0;
        TreeSet<Integer> signers = new TreeSet<>(List.of(liar.id()));
        while (signers.size() < size) {
            signers.add(liar.anyOther());
        }
        List<Signed<ViewChange>> made = new ArrayList<>();
        for (int signer : signers) {
            ViewChange claim = new ViewChange(
                    view,
                    claimsDecisions ? status.lastDecided() + 1000 : 0,
                    List.of(),
                    claimsPrepared ? List.of(madeUpCertificate(view, status)) : List.of());
            byte[] signature = liar.sign(claim).signature();
            made.add(new Signed<>(claim, duplicatesOwn ? liar.id() : signer, liar.epoch(), signature));
        }
        return made;
    }

    private Certificate madeUpCertificate(long view, ReplicaStatus status) {
        byte[] bytes = new byte[Digest.SIZE_BYTES];
        liar.random().nextBytes(bytes);
        Prepare vote = new Prepare(Math.max(0, view - 1), status.lastDecided() + 1, Digest.of(bytes));
        byte[] signature = liar.sign(vote).signature();
        List<VoteSignature> signatures = new ArrayList<>();
        for (int i = 0; i < liar.membership().quorum().size(); i++) {
            signatures.add(new VoteSignature(i, signature));
        }
        return new Certificate(vote.view(), vote.sequenceNumber(), vote.digest(), signatures);
    }
}
