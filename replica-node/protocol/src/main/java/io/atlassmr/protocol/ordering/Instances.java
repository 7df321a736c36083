package io.atlassmr.protocol.ordering;

import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Vote;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** The instances of an epoch that are remembered, ascending by sequence number: the last ones that are delivered, and those under way. */
final class Instances {

    private final TreeMap<Long, Instance> bySequenceNumber = new TreeMap<>();

    /** The instance of this place, a new one if nothing was said of it yet. */
    Instance at(long sequenceNumber) {
        return bySequenceNumber.computeIfAbsent(sequenceNumber, Instance::new);
    }

    /** The instance of this place, null if nothing was said of it yet. */
    Instance known(long sequenceNumber) {
        return bySequenceNumber.get(sequenceNumber);
    }

    /** A view of those above a place. */
    Collection<Instance> above(long sequenceNumber) {
        return bySequenceNumber.tailMap(sequenceNumber, false).values();
    }

    /** The view is another: forgets the one before, keeps what binds later ones. */
    void enterView() {
        bySequenceNumber.values().forEach(Instance::enterView);
    }

    void forgetUpTo(long sequenceNumber) {
        bySequenceNumber.headMap(sequenceNumber, true).clear();
    }

    void forgetUndecidedUpTo(long sequenceNumber) {
        bySequenceNumber.headMap(sequenceNumber, true).values().removeIf(instance -> instance.decision == null);
    }

    /** The decisions up to a place, ascending. */
    List<Decision> decisionsUpTo(long sequenceNumber) {
        List<Decision> decisions = new ArrayList<>();
        for (Instance instance : bySequenceNumber.headMap(sequenceNumber, true).values()) {
            if (instance.decision != null) {
                decisions.add(instance.decision);
            }
        }
        return decisions;
    }

    /** The prepared certificates above one place and up to another, ascending. */
    List<Certificate> prepared(long above, long upTo) {
        List<Certificate> certificates = new ArrayList<>();
        for (Instance instance :
                bySequenceNumber.subMap(above, false, upTo, true).values()) {
            if (instance.prepared != null) {
                certificates.add(instance.prepared);
            }
        }
        return certificates;
    }

    /** The first commits of a member in the view that was entered last, above a place, ascending. */
    List<Signed<Commit>> commitsOf(int member, long above) {
        List<Signed<Commit>> commits = new ArrayList<>();
        for (Instance instance : above(above)) {
            Signed<? extends Vote> vote = instance.commits.of(member);
            if (vote != null && vote.message() instanceof Commit commit) {
                commits.add(new Signed<>(commit, vote.signer(), vote.epoch(), vote.signature()));
            }
        }
        return commits;
    }

    /** Whether anything was said in this view above a place. */
    boolean anyStartedAbove(long sequenceNumber) {
        return above(sequenceNumber).stream().anyMatch(Instance::started);
    }
}
