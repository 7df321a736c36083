package io.atlassmr.simulation.liar;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.simulation.replica.Machine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the liars of a run know together: who was told what, and what was said for new views. */
public final class Conspiracy {

    private static final int MAX_KEPT = 64;

    /** One sequence number in one view at which two batches are proposed. */
    public record Split(Digest first, Digest second, Batch secondBatch, Set<Integer> toldSecond) {

        /** What this member is to believe. */
        public Digest toldTo(int member) {
            return toldSecond.contains(member) ? second : first;
        }
    }

    private record Position(long view, long sequenceNumber) implements Comparable<Position> {
        @Override
        public int compareTo(Position other) {
            return view == other.view
                    ? Long.compare(sequenceNumber, other.sequenceNumber)
                    : Long.compare(view, other.view);
        }
    }

    private final List<Machine> machines;
    private final Map<Position, Split> splits = new TreeMap<>();
    private final Map<Long, Map<Integer, Signed<ViewChange>>> viewChanges = new TreeMap<>();
    private final List<Signed<NewView>> newViews = new ArrayList<>();

    /** @param machines whose keys the liars come by when they count no longer */
    public Conspiracy(List<Machine> machines) {
        this.machines = machines;
    }

    /**
     * Signs as an earlier member, with a key that was given up or that of one who left: nobody guards it any more.
     *
     * @param current those whose keys count
     */
    byte[] signAs(Member earlier, byte[] statement, Membership current) {
        if (counts(earlier, current)) {
            throw new IllegalArgumentException("replica " + earlier.id() + " guards its key");
        }
        return machines.get(earlier.id()).identity(earlier.publicKey()).sign(statement);
    }

    /** Whether this key is that of a member. */
    static boolean counts(Member member, Membership current) {
        return current.members().stream().anyMatch(other -> Arrays.equals(other.publicKey(), member.publicKey()));
    }

    /** From now on all liars say this at this place. */
    public void split(long view, long sequenceNumber, Split split) {
        splits.put(new Position(view, sequenceNumber), split);
    }

    /** The split at this place, null if there is none. */
    public Split splitAt(long view, long sequenceNumber) {
        return splits.get(new Position(view, sequenceNumber));
    }

    void overhear(Letter letter) {
        switch (letter.says()) {
            case ViewChange m ->
                viewChanges
                        .computeIfAbsent(m.view(), _ -> new TreeMap<>())
                        .put(letter.signed().signer(), retype(letter.signed(), m));
            case NewView m -> {
                newViews.add(retype(letter.signed(), m));
                if (newViews.size() > MAX_KEPT) {
                    newViews.removeFirst();
                }
            }
            case null, default -> {}
        }
    }

    private static <M extends io.atlassmr.protocol.message.agreement.ProtocolMessage> Signed<M> retype(
            Signed<?> signed, M message) {
        return new Signed<>(message, signed.signer(), signed.epoch(), signed.signature());
    }

    /** The changes to this view that the liars heard of, ascending by signer. */
    public List<Signed<ViewChange>> viewChangesTo(long view) {
        return List.copyOf(viewChanges.getOrDefault(view, Map.of()).values());
    }

    /** All view changes that the liars heard of, ascending by view and signer. */
    public List<Signed<ViewChange>> allViewChanges() {
        return viewChanges.values().stream()
                .flatMap(ofView -> ofView.values().stream())
                .toList();
    }

    /** The newest openings of views that the liars heard of. */
    public List<Signed<NewView>> newViews() {
        return newViews;
    }
}
