package io.atlassmr.protocol.membership;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The voters of one epoch of one cluster, ordered by id. Immutable.
 *
 * @param clusterId names the cluster; part of every signed statement; 1 to 64 characters
 * @param epoch number of the membership, from 1
 * @param members the voters, ascending by id, without duplicate ids or keys
 * @param quorum the sizes that follow from the number of voters
 */
public record Membership(String clusterId, long epoch, List<Member> members, Quorum quorum) {

    /** Most voters that the design provides for. */
    public static final int MAX_MEMBERS = 64;

    public Membership {
        members = List.copyOf(members);
        if (clusterId.isEmpty() || clusterId.length() > 64) {
            throw new IllegalArgumentException("a cluster id has 1 to 64 characters, got \"" + clusterId + "\"");
        }
        if (epoch < 1) {
            throw new IllegalArgumentException("an epoch is at least 1, got " + epoch);
        }
        if (members.size() > MAX_MEMBERS) {
            throw new IllegalArgumentException(
                    "a membership has at most " + MAX_MEMBERS + " replicas, got " + members.size());
        }
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (i > 0 && members.get(i - 1).id() >= member.id()) {
                throw new IllegalArgumentException("members are ascending by id, " + member.id() + " is not");
            }
            if (!keys.add(java.util.HexFormat.of().formatHex(member.publicKey()))) {
                throw new IllegalArgumentException("replica " + member.id() + " has the public key of another");
            }
        }
    }

    /** The membership of {@code members} in any order. */
    public static Membership of(String clusterId, long epoch, List<Member> members) {
        List<Member> ordered =
                members.stream().sorted(Comparator.comparingInt(Member::id)).toList();
        return new Membership(clusterId, epoch, ordered, new Quorum(ordered.size()));
    }

    /** The member with this id, empty if there is none. */
    public Optional<Member> member(int id) {
        for (Member member : members) {
            if (member.id() == id) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    /** Whether the id is a voter's. */
    public boolean contains(int id) {
        return member(id).isPresent();
    }

    /** The id of the leader of {@code view}: views go round the members in order of id. */
    public int leaderOf(long view) {
        return members.get((int) (view % members.size())).id();
    }
}
