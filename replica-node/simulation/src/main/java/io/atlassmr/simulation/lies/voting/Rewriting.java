package io.atlassmr.simulation.lies.voting;

import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
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
public final class Rewriting implements Lie {

    private static final int MOST_REWRITTEN = 4;

    private final Liar liar;
    private final Withholding withholding;
    private final int victim;
    private final Map<Long, Set<Integer>> convinced = new TreeMap<>();
    private Letter proof;
    /** What it proposes in place of what is decided, all through a view. */
    private Batch other = Batch.NOOP;

    private long otherView = -1;

    public Rewriting(Liar liar) {
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
        if (letter.message() != null && letter.message().hasStatus()) {
            rewriteFor(from);
        }
        if (letter.says() instanceof Commit commit && commit.digest().equals(other.digest())) {
            Set<Integer> signers = convinced.computeIfAbsent(commit.sequenceNumber(), _ -> new TreeSet<>());
            signers.add(letter.signed().signer());
            if (proof != null && signers.size() >= liar.membership().quorum().size() - 1) {
                liar.lied(LieKind.REWRITING, "shows what was decided before at " + commit.sequenceNumber());
                liar.post(proof);
            }
        }
    }

    @Override
    public void act() {
        withholding.act();
        liar.others().forEach(this::rewriteFor);
    }

    private void rewriteFor(int member) {
        ReplicaStatus status = liar.status();
        if (status == null || !liar.leads() || status.inViewTransfer()) {
            return;
        }
        if (status.view() != otherView) {
            otherView = status.view();
            other = BatchCodec.encode(liar.machine().clock().wallMillis(), List.of());
        }
        long from = withholding.lastDecidedOf(member);
        for (long s = from + 1; s <= status.lastDecided() + 1 && s <= from + MOST_REWRITTEN; s++) {
            rewrite(member, status.view(), s);
        }
    }

    private void rewrite(int member, long view, long sequenceNumber) {
        if (member != victim) {
            liar.lied(LieKind.REWRITING, "at " + sequenceNumber + " towards replica " + member);
            liar.insist(member, view, sequenceNumber, other);
        }
    }
}
