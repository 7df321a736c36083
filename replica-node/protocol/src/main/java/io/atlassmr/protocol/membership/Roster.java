package io.atlassmr.protocol.membership;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whom a replica knows: whose signatures count for which sequence numbers, and whom it talks to. Immutable.
 *
 * @param epochs all that are known; the last may be one that was decided on and has not begun
 * @param provenEpoch number of the last epoch whose beginning is decided here, or proven by its decision
 * @param admitted replicas that may ask to join, by id
 * @param peers whom to talk to, by id: members of these days, newcomers, and those that left last; of one that changes its key or
 *     addresses, both records
 */
public record Roster(EpochHistory epochs, long provenEpoch, SortedMap<Integer, Member> admitted, List<Member> peers) {

    public Roster {
        admitted = Collections.unmodifiableSortedMap(new TreeMap<>(admitted));
        peers = List.copyOf(peers);
    }

    /** That of a cluster that has not changed yet. */
    public static Roster of(Membership genesis) {
        return new Roster(EpochHistory.of(genesis), genesis.epoch(), new TreeMap<>(), genesis.members());
    }

    /** The epochs up to the last that is proven. */
    public EpochHistory provenEpochs() {
        return epochs.upTo(provenEpoch);
    }

    /** The ids of all peers but this replica, each once, ascending. */
    public List<Integer> peersOf(int self) {
        List<Integer> ids = new ArrayList<>(
                peers.stream().map(Member::id).distinct().sorted().toList());
        ids.remove(Integer.valueOf(self));
        return ids;
    }
}
