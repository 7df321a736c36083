package io.atlassmr.protocol.membership;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The epochs of a cluster from the first on, without gaps; each was proven by the members of the one before. Immutable. */
public final class EpochHistory {

    private final List<Epoch> epochs;

    private EpochHistory(List<Epoch> epochs) {
        this.epochs = List.copyOf(epochs);
    }

    /** The history of a cluster that has not changed yet. */
    public static EpochHistory of(Membership genesis) {
        return new EpochHistory(List.of(Epoch.first(genesis)));
    }

    /**
     * With one epoch more.
     *
     * @throws IllegalArgumentException if it is not the next, of the same cluster
     */
    public EpochHistory plus(Epoch next) {
        Epoch latest = latest();
        if (next.number() != latest.number() + 1
                || next.base() <= latest.base()
                || !next.membership().clusterId().equals(latest.membership().clusterId())) {
            throw new IllegalArgumentException("epoch " + next.number() + " above " + next.base() + " does not follow "
                    + latest.number() + " above " + latest.base());
        }
        List<Epoch> more = new ArrayList<>(epochs);
        more.add(next);
        return new EpochHistory(more);
    }

    /** The epoch with this number, empty if it is not known. */
    public Optional<Epoch> of(long number) {
        return number >= 1 && number <= epochs.size() ? Optional.of(epochs.get((int) number - 1)) : Optional.empty();
    }

    /** The epoch that this sequence number belongs to, as far as is known: the latest for those beyond its base. */
    public Epoch at(long sequenceNumber) {
        int i = epochs.size() - 1;
        while (i > 0 && epochs.get(i).base() >= sequenceNumber) {
            i--;
        }
        return epochs.get(i);
    }

    /** Without those after this number. */
    public EpochHistory upTo(long number) {
        return number >= epochs.size() ? this : new EpochHistory(epochs.subList(0, (int) number));
    }

    /** The last epoch that is known. */
    public Epoch latest() {
        return epochs.getLast();
    }

    /** All of them, from the first on. */
    public List<Epoch> epochs() {
        return epochs;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EpochHistory that && epochs.equals(that.epochs);
    }

    @Override
    public int hashCode() {
        return epochs.hashCode();
    }
}
