package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.health.PeerWatch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.ordering.OrderingProtocol;
import io.atlassmr.protocol.reconfiguration.ReconfigurationProtocol;
import io.atlassmr.protocol.request.PendingRequests;
import io.atlassmr.protocol.view.ViewTransferProtocol;
import java.util.List;
import java.util.TreeSet;

/**
 * Decides when a leader has to go: when nothing is decided though there is work, when a request that it was handed is passed over, when it
 * lies or is proven to have lied, or when it keeps a member from voting. Being slow is none of these as long as it gets on: what it is
 * given to do is bounded, and how long it is given grows with each leader that had to go.
 */
final class LeaderWatch {

    /** A leader that cannot even be reached is given this part of the progress time-out. */
    private static final int UNREACHABLE_LEADER_PATIENCE_PART = 4;

    private final ProtocolConfiguration configuration;
    private final PendingRequests pending;
    private final Recovery recovery;
    private final Leadership leadership;
    private final ReconfigurationProtocol reconfiguration;
    private final PeerWatch peers;
    private final Outbox outbox;
    private final TreeSet<Integer> unreachable = new TreeSet<>();
    private Membership membership;
    private OrderingProtocol ordering;
    private ViewTransferProtocol viewTransfer;
    private long progressAtMillis;
    private boolean equivocated;

    LeaderWatch(
            ProtocolConfiguration configuration,
            PendingRequests pending,
            Recovery recovery,
            Leadership leadership,
            ReconfigurationProtocol reconfiguration,
            PeerWatch peers,
            Outbox outbox,
            long nowMillis) {
        this.configuration = configuration;
        this.pending = pending;
        this.recovery = recovery;
        this.leadership = leadership;
        this.reconfiguration = reconfiguration;
        this.peers = peers;
        this.outbox = outbox;
        this.progressAtMillis = nowMillis;
    }

    /** From now on these members' leaders are watched, by how far this agreement gets. */
    void enterEpoch(Membership members, OrderingProtocol agreement, ViewTransferProtocol views) {
        membership = members;
        ordering = agreement;
        viewTransfer = views;
    }

    /** A connection to a peer stands, or none does. */
    void connected(int peer, boolean stands) {
        if (stands) {
            unreachable.remove(peer);
        } else {
            unreachable.add(peer);
        }
    }

    /** Something was decided, or there was nothing to do until now. */
    void progressed(long nowMillis) {
        progressAtMillis = nowMillis;
    }

    /** The leader signed two proposals for one place. */
    void equivocated(long nowMillis) {
        equivocated = true;
        viewTransfer.suspect(nowMillis);
    }

    /** A view is open: its leader has the whole time. */
    void viewEntered(long nowMillis) {
        progressAtMillis = nowMillis;
        equivocated = false;
    }

    /** Looks whether the leader serves. */
    void look(int leader, long nowMillis) {
        if (!viewTransfer.active()) {
            return;
        }
        if (recovery.standsStill()) {
            progressAtMillis = nowMillis;
            return;
        }
        boolean work = ordering.hasUndecided() || !pending.isEmpty() || reconfiguration.leaderOwes();
        if (!work || ordering.waitsForExecution()) {
            progressAtMillis = nowMillis;
        }
        boolean passesOver = leader != configuration.self() && passesOver(nowMillis);
        boolean leadsBadly = stalls(leader, nowMillis) || passesOver;
        if (leadsBadly && !viewTransfer.suspects()) {
            peers.ledBadly(leader, nowMillis);
        }
        if (leadsBadly || equivocated || viewTransfer.isBarred(leader) || leadership.viewIsOverdue(nowMillis)) {
            viewTransfer.suspect(nowMillis);
        } else if (viewTransfer.suspects()) {
            viewTransfer.trust();
        }
    }

    private boolean stalls(int leader, long nowMillis) {
        long patienceMillis = viewTransfer.patienceMillis(configuration.progressTimeoutMillis());
        return nowMillis - progressAtMillis
                > (unreachable.contains(leader) ? patienceMillis / UNREACHABLE_LEADER_PATIENCE_PART : patienceMillis);
    }

    private boolean passesOver(long nowMillis) {
        long timeoutMillis = viewTransfer.patienceMillis(configuration.requestTimeoutMillis());
        List<ClientBundle> waited = pending.takeWaitedFor(timeoutMillis / 2, nowMillis);
        if (!waited.isEmpty()) {
            showAll(waited);
        }
        return !ordering.waitsForExecution()
                && (pending.overdue(timeoutMillis, configuration.maxBatchRequests(), nowMillis)
                        || reconfiguration.overdue(timeoutMillis, nowMillis));
    }

    private void showAll(List<ClientBundle> bundles) {
        for (Member member : membership.members()) {
            if (member.id() != configuration.self()) {
                outbox.add(new ProtocolEffect.Forward(member.id(), bundles));
            }
        }
    }
}
