package io.atlassmr.simulation.liar;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Commit;
import io.atlassmr.protocol.message.PrePrepare;
import io.atlassmr.protocol.message.Prepare;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Withholds what only it can prove, as {@link Withholding}. When it leads, it proposes nothing at those places to all but one
 * member, and shows that one the proof.
 */
final class Rewriting implements Lie {

    private static final int MOST_REWRITTEN = 4;

    private final Liar liar;
    private final Withholding withholding;
    private final int victim;
    private final Map<Long, Set<Integer>> convinced = new TreeMap<>();
    private Letter proof;
    /** What it proposes in place of what is decided, all through a view. */
    private Batch other = Batch.NOOP;

    private long otherView = -1;

    Rewriting(Liar liar) {
        this.liar = liar;
        this.withholding = new Withholding(liar);
        this.victim = liar.anyOther();
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        if (letter.trafficClass() == TrafficClass.STATE_TRANSFER && letter.to() == victim) {
            proof = letter;
        }
        withholding.tell(letter, next);
    }

    @Override
    public void overhear(Letter letter, int from) {
        withholding.overhear(letter, from);
        if (letter.says() instanceof Commit commit && commit.digest().equals(other.digest())) {
            Set<Integer> signers = convinced.computeIfAbsent(commit.sequenceNumber(), _ -> new TreeSet<>());
            signers.add(letter.signed().signer());
            if (proof != null
                    && signers.size() >= liar.world().membership().quorum().size() - 1) {
                liar.lied(LieKind.REWRITING, "shows what was decided before at " + commit.sequenceNumber());
                liar.post(proof);
            }
        }
    }

    @Override
    public void act() {
        withholding.act();
        ReplicaStatus status = liar.status();
        if (!liar.leads() || status.inViewTransfer()) {
            return;
        }
        if (status.view() != otherView) {
            otherView = status.view();
            other = BatchCodec.encode(liar.machine().clock().wallMillis(), List.of());
        }
        for (int member : liar.others()) {
            long from = withholding.lastDecidedOf(member);
            for (long s = from + 1; s <= status.lastDecided() && s <= from + MOST_REWRITTEN; s++) {
                rewrite(member, status.view(), s);
            }
        }
    }

    private void rewrite(int member, long view, long sequenceNumber) {
        if (member != victim) {
            Digest digest = other.digest();
            liar.lied(LieKind.REWRITING, "at " + sequenceNumber + " towards replica " + member);
            liar.post(liar.letter(member, new PrePrepare(view, sequenceNumber, digest), other));
            liar.post(liar.letter(member, new Prepare(view, sequenceNumber, digest), null));
            liar.post(liar.letter(member, new Commit(view, sequenceNumber, digest), null));
        }
    }
}
