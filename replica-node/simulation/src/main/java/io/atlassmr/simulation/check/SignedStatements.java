package io.atlassmr.simulation.check;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.evidence.ViewChangeRules;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.view.NewViewPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What honest replicas put their names to. They never contradict themselves, never vote in a view they have left, and show in
 * every view change what they committed to.
 */
final class SignedStatements {

    private record Position(String kind, long view, long sequenceNumber) implements Comparable<Position> {
        @Override
        public int compareTo(Position other) {
            int byNumber = Long.compare(sequenceNumber, other.sequenceNumber);
            int byView = byNumber == 0 ? Long.compare(view, other.view) : byNumber;
            return byView == 0 ? kind.compareTo(other.kind) : byView;
        }
    }

    private static final class OfReplica {
        final Map<Position, Digest> said = new TreeMap<>();
        final TreeMap<Long, Commit> lastCommits = new TreeMap<>();
        final Map<Long, Digest> checkpoints = new TreeMap<>();
        final Map<Long, List<ViewChange>> viewChanges = new TreeMap<>();
        final TreeMap<Long, NewViewPlan> plans = new TreeMap<>();
        long lowestView;
    }

    private final Map<Integer, OfReplica> byReplica = new TreeMap<>();

    void add(int replica, ProtocolMessage message) {
        OfReplica own = byReplica.computeIfAbsent(replica, _ -> new OfReplica());
        switch (message) {
            case PrePrepare m -> {
                vote(replica, own, new Position("proposal", m.view(), m.sequenceNumber()), m.digest());
                prepare(replica, own, m.vote());
            }
            case Prepare m -> prepare(replica, own, m);
            case Commit m -> {
                vote(replica, own, new Position("commit", m.view(), m.sequenceNumber()), m.digest());
                own.lastCommits.merge(m.sequenceNumber(), m, (a, b) -> a.view() > b.view() ? a : b);
            }
            case ViewChange m -> viewChange(replica, own, m);
            case CheckpointVote m -> checkpoint(replica, own, m);
            case NewView _, Suspect _, JoinRequest _, JoinApproval _ -> {}
        }
    }

    private static void checkpoint(int replica, OfReplica own, CheckpointVote vote) {
        Digest first = own.checkpoints.putIfAbsent(vote.sequenceNumber(), vote.digest());
        if (first != null && !first.equals(vote.digest())) {
            throw new Violation("votes: replica " + replica + " signs two checkpoints at " + vote.sequenceNumber()
                    + ": " + first + " and " + vote.digest());
        }
    }

    /** A replica enters a view that was opened with this plan. */
    void open(int replica, long view, NewViewPlan plan) {
        byReplica.computeIfAbsent(replica, _ -> new OfReplica()).plans.put(view, plan);
    }

    private static void prepare(int replica, OfReplica own, Prepare message) {
        plan(replica, own, message);
        vote(replica, own, new Position("prepare", message.view(), message.sequenceNumber()), message.digest());
    }

    private static void plan(int replica, OfReplica own, Prepare message) {
        NewViewPlan plan = own.plans.get(message.view());
        if (plan != null) {
            Digest planned = plan.batches().get(message.sequenceNumber());
            if (message.sequenceNumber() <= plan.base() || (planned != null && !planned.equals(message.digest()))) {
                throw new Violation("votes: replica " + replica + " prepares " + message.digest() + " at "
                        + message.sequenceNumber() + " in view " + message.view() + ", which was opened to begin above "
                        + plan.base() + " with " + planned + " there");
            }
        }
    }

    private static void vote(int replica, OfReplica own, Position position, Digest digest) {
        if (position.view() < own.lowestView) {
            throw new Violation("votes: replica " + replica + " signs a " + position.kind() + " of "
                    + position.sequenceNumber() + " in view " + position.view() + " after it asked for view "
                    + own.lowestView);
        }
        Digest first = own.said.putIfAbsent(position, digest);
        if (first != null && !first.equals(digest)) {
            throw new Violation("votes: replica " + replica + " signs two " + position.kind() + "s at "
                    + position.sequenceNumber() + " in view " + position.view() + ": " + first + " and " + digest);
        }
    }

    private static void viewChange(int replica, OfReplica own, ViewChange message) {
        own.lowestView = Math.max(own.lowestView, message.view());
        List<ViewChange> ofView = own.viewChanges.computeIfAbsent(message.view(), _ -> new ArrayList<>());
        for (ViewChange earlier : ofView) {
            if (ViewChangeRules.contradict(earlier, message)) {
                throw new Violation("votes: replica " + replica + " asks for view " + message.view()
                        + " twice and shows each time what it leaves out else: " + earlier + " and " + message);
            }
        }
        ofView.add(message);
        Map<Long, Certificate> shown = new TreeMap<>();
        message.prepared().forEach(certificate -> shown.put(certificate.sequenceNumber(), certificate));
        for (Commit commit :
                own.lastCommits.tailMap(message.lastDecided(), false).values()) {
            Certificate certificate = shown.get(commit.sequenceNumber());
            boolean later = certificate != null && certificate.view() > commit.view();
            boolean same = certificate != null
                    && certificate.view() == commit.view()
                    && certificate.digest().equals(commit.digest());
            if (!later && !same) {
                throw new Violation("votes: replica " + replica + " committed to " + commit.digest() + " at "
                        + commit.sequenceNumber() + " in view " + commit.view() + ", its change to view "
                        + message.view() + " shows " + certificate);
            }
        }
    }
}
