package io.atlassmr.protocol.health;

import io.atlassmr.protocol.health.ClusterHealth.MemberHealth;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.peer.PeerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * Suspicion: what speaks against peers and proves nothing. Each has a score that rises with what it does badly and falls with
 * time. It is told to people and decides nothing. Pure: time comes with the events.
 */
public final class PeerWatch {

    /** The highest score. */
    public static final int MAX_SUSPICION = 100;
    /** From this score on a member counts as suspected. */
    public static final int SUSPECTED_FROM = 30;

    private static final int FOR_MUTE_SECOND = 5;
    private static final int FOR_SLOW_LEADER = 15;
    private static final int FOR_WRONG_STATE = 30;
    private static final long DECAY_MILLIS_PER_POINT = 1000;
    private static final int MUTE_AFTER_INTERVALS = 5;
    private static final long MUTE_AFTER_MILLIS = 2000;
    private static final long MUTE_POINTS_EVERY_MILLIS = 1000;
    private static final int RECOVERING_AFTER_STATUSES = 3;

    private static final class Peer {
        long heardAtMillis;
        /** As long as it was never heard of as well. */
        boolean down;

        int recoveringStatuses;
        int score;
        long decayedAtMillis;
        long mutePointsAtMillis;

        Peer(boolean connected, long nowMillis) {
            down = !connected;
            heardAtMillis = nowMillis;
            decayedAtMillis = nowMillis;
        }
    }

    private final int self;
    private final long muteAfterMillis;
    private final TreeMap<Integer, Peer> peers = new TreeMap<>();
    /** Whoever it is: a newcomer is connected before it is a member. */
    private final TreeSet<Integer> connected = new TreeSet<>();

    private Membership membership;

    /**
     * @param statusIntervalMillis how often peers report
     */
    public PeerWatch(Membership membership, int self, long statusIntervalMillis, long nowMillis) {
        this.self = self;
        this.muteAfterMillis = Math.max(MUTE_AFTER_MILLIS, MUTE_AFTER_INTERVALS * statusIntervalMillis);
        enterEpoch(membership, nowMillis);
    }

    /** These are the members from now on; of those that stay everything is remembered, the others are watched no more. */
    public void enterEpoch(Membership members, long nowMillis) {
        membership = members;
        peers.keySet().removeIf(id -> !members.contains(id));
        for (Member member : members.members()) {
            if (member.id() != self) {
                peers.computeIfAbsent(member.id(), _ -> new Peer(connected.contains(member.id()), nowMillis));
            }
        }
    }

    /** The peer reported. */
    public void heard(int from, PeerStatus status, long nowMillis) {
        Peer peer = peers.get(from);
        if (peer != null) {
            peer.heardAtMillis = nowMillis;
            peer.down = false;
            boolean recovers = status.needs() > 0 || status.wantsView() > 0;
            peer.recoveringStatuses = recovers ? peer.recoveringStatuses + 1 : 0;
        }
    }

    /** A connection to the peer stands, or none does any more. */
    public void connected(int id, boolean stands, long nowMillis) {
        if (stands) {
            connected.add(id);
        } else {
            connected.remove(id);
        }
        Peer peer = peers.get(id);
        if (peer != null) {
            peer.down = !stands;
            peer.heardAtMillis = stands ? nowMillis : peer.heardAtMillis;
        }
    }

    /** The leader of a view did not do its part in time. */
    public void ledBadly(int leader, long nowMillis) {
        blame(leader, FOR_SLOW_LEADER, nowMillis);
    }

    /**
     * The peer gave a page or part of a state that is not what a quorum vouches for. No proof: what it gives is not signed by it,
     * only heard over its connection.
     */
    public void gaveWrongState(int from, long nowMillis) {
        blame(from, FOR_WRONG_STATE, nowMillis);
    }

    private void blame(int id, int points, long nowMillis) {
        Peer peer = peers.get(id);
        if (peer != null) {
            decay(peer, nowMillis);
            peer.score = Math.min(MAX_SUSPICION, peer.score + points);
        }
    }

    private static void decay(Peer peer, long nowMillis) {
        long points = (nowMillis - peer.decayedAtMillis) / DECAY_MILLIS_PER_POINT;
        peer.score = (int) Math.max(0, peer.score - points);
        peer.decayedAtMillis += points * DECAY_MILLIS_PER_POINT;
    }

    /** Time passed. */
    public void tick(long nowMillis) {
        for (Peer peer : peers.values()) {
            decay(peer, nowMillis);
            if (isMute(peer, nowMillis) && nowMillis - peer.mutePointsAtMillis >= MUTE_POINTS_EVERY_MILLIS) {
                peer.mutePointsAtMillis = nowMillis;
                peer.score = Math.min(MAX_SUSPICION, peer.score + FOR_MUTE_SECOND);
            }
        }
    }

    private boolean isMute(Peer peer, long nowMillis) {
        return !peer.down && nowMillis - peer.heardAtMillis > muteAfterMillis;
    }

    /**
     * How the cluster looks.
     *
     * @param takesPart whether this replica itself votes and has an open view
     * @param liars who is proven to lie
     */
    public ClusterHealth health(boolean takesPart, IntPredicate liars, long nowMillis) {
        List<MemberHealth> members = new ArrayList<>();
        for (Member member : membership.members()) {
            Peer peer = peers.get(member.id());
            if (member.id() == self || peer == null) {
                members.add(new MemberHealth(
                        member.id(), takesPart ? MemberCondition.SOUND : MemberCondition.RECOVERING, 0));
            } else {
                boolean liar = liars.test(member.id());
                members.add(new MemberHealth(member.id(), condition(peer, liar, nowMillis), peer.score));
            }
        }
        return ClusterHealth.of(membership.quorum(), members);
    }

    private MemberCondition condition(Peer peer, boolean liar, long nowMillis) {
        if (peer.down) {
            return MemberCondition.DOWN;
        }
        if (isMute(peer, nowMillis)) {
            return MemberCondition.MUTE;
        }
        if (peer.recoveringStatuses >= RECOVERING_AFTER_STATUSES) {
            return MemberCondition.RECOVERING;
        }
        if (liar) {
            return MemberCondition.LIAR;
        }
        return peer.score >= SUSPECTED_FROM ? MemberCondition.SUSPECTED : MemberCondition.SOUND;
    }
}
