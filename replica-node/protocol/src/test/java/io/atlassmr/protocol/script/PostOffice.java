package io.atlassmr.protocol.script;

import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.transfer.StateTransferEffect;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** The messages under way between the replicas of a {@link ClusterStage}, in the order they were sent. */
final class PostOffice {

    /** Where replicas' logs and checkpoints are. */
    interface Archive {
        ScriptedReplica of(int id);
    }

    /** Hears what arrives. */
    interface Receiver {
        void receive(int id, ProtocolEvent event);
    }

    private record Letter(int from, int to, String kind, ProtocolEvent event) {}

    /** Letters of one of these kinds, from one of these senders, to one of these receivers; nothing named is everything. */
    static final class Filter {
        private final TreeSet<String> kinds = new TreeSet<>();
        private final TreeSet<Integer> senders = new TreeSet<>();
        private final TreeSet<Integer> receivers = new TreeSet<>();

        Filter(Words words) {
            while (!words.isEmpty()) {
                String word = words.next();
                if (word.equals("from")) {
                    senders.addAll(Words.ids(words.next()));
                } else if (word.equals("to")) {
                    receivers.addAll(Words.ids(words.next()));
                } else if (word.contains("->")) {
                    String[] ends = word.split("->", -1);
                    senders.addAll(Words.ids(ends[0]));
                    receivers.addAll(Words.ids(ends[1]));
                } else {
                    kinds.add(word);
                }
            }
        }

        private boolean matches(Letter letter) {
            return (kinds.isEmpty() || kinds.contains(letter.kind()))
                    && (senders.isEmpty() || senders.contains(letter.from()))
                    && (receivers.isEmpty() || receivers.contains(letter.to()));
        }
    }

    private final List<Integer> ids;
    private final Archive archive;
    private final TreeMap<Integer, Roster> rosters = new TreeMap<>();
    private final TreeSet<Integer> cut = new TreeSet<>();
    private final List<Filter> lost = new ArrayList<>();
    private final List<Letter> underWay = new ArrayList<>();

    PostOffice(List<Integer> ids, Archive archive) {
        this.ids = ids;
        this.archive = archive;
    }

    /** Sends what the effect asks to be sent. */
    void take(int from, ProtocolEffect effect) {
        switch (effect) {
            case ProtocolEffect.RosterChanged(Roster roster) -> rosters.put(from, roster);
            case ProtocolEffect.Broadcast(var message, var batch, long epoch) ->
                toAll(from, MessageNotation.sign(from, message, epoch), batch);
            case ProtocolEffect.Resend(var messages, var bodies) ->
                messages.forEach(message -> toAll(from, message, body(message, bodies)));
            case ProtocolEffect.SendMessages(int to, var messages, var bodies) -> {
                messages.forEach(message -> send(from, to, kind(message), message(message, null)));
                bodies.forEach(body -> send(from, to, "body", new ProtocolEvent.BatchReceived(body)));
            }
            case ProtocolEffect.SendStatus(PeerStatus status) ->
                ids.forEach(to -> send(from, to, "status", new ProtocolEvent.StatusReceived(from, status)));
            case ProtocolEffect.AskMemory(long question, long epoch) ->
                ids.forEach(to -> send(from, to, "ask", new ProtocolEvent.MemoryAsked(from, question, epoch)));
            case ProtocolEffect.ForwardCommands(var commands) ->
                commands.forEach(command ->
                        ids.forEach(to -> send(from, to, "command", new ProtocolEvent.CommandReceived(command, true))));
            case ProtocolEffect.RequestEpochs(int to, long fromEpoch) ->
                send(from, to, "ask", new ProtocolEvent.EpochsRequested(from, fromEpoch));
            case ProtocolEffect.ServeEpochs(int to, long fromEpoch) ->
                send(
                        from,
                        to,
                        "epochs",
                        new ProtocolEvent.EpochsReceived(
                                from, archive.of(from).log().epochs(fromEpoch)));
            case ProtocolEffect.TellMemory(int to, var memory) ->
                send(from, to, "memory", new ProtocolEvent.MemoryTold(from, memory));
            case ProtocolEffect.Forward(int to, var bundles) ->
                bundles.forEach(bundle -> send(from, to, "forward", new ProtocolEvent.BundleReceived(bundle, from)));
            case ProtocolEffect.RequestInstances(int to, long view, long first, long last) ->
                send(from, to, "ask", new ProtocolEvent.InstancesRequested(from, view, first, last));
            case ProtocolEffect.RequestDecisions(int to, long first, long last) ->
                send(from, to, "ask", new ProtocolEvent.DecisionsRequested(from, first, last));
            case ProtocolEffect.ServeDecisions(int to, long first, long last) ->
                send(
                        from,
                        to,
                        "decisions",
                        new ProtocolEvent.DecisionsReceived(
                                from, archive.of(from).log().decisions(first, last)));
            case ProtocolEffect.Transfer(var transfer) -> take(from, transfer);
            default -> {}
        }
    }

    /** What is asked for is sent at once: questions are not lost alone. */
    private void take(int from, StateTransferEffect effect) {
        switch (effect) {
            case StateTransferEffect.AskOffers _ -> {
                for (int peer : ids) {
                    ScriptedReplica asked = archive.of(peer);
                    var offer = asked.state().offer(asked.status().lastCertificate());
                    give(peer, from, "offer", new StateTransferEvent.OfferReceived(peer, offer));
                }
            }
            case StateTransferEffect.AskPages(int to, long s, var pages) ->
                pages.forEach(page -> give(to, from, s, "page", new StateTransferEvent.PageStored(to, s, page)));
            case StateTransferEffect.AskParts(int to, long s, var parts) ->
                parts.forEach(
                        part -> give(to, from, s, "part", new StateTransferEvent.PartsStored(to, s, List.of(part))));
            case StateTransferEffect.Begin _, StateTransferEffect.Install _, StateTransferEffect.PeerDropped _ -> {}
        }
    }

    private void give(int from, int to, long sequenceNumber, String kind, StateTransferEvent event) {
        boolean kept = archive.of(from).state().keeps(sequenceNumber);
        give(from, to, kind, kept ? event : new StateTransferEvent.NotKept(from, sequenceNumber));
    }

    private void give(int from, int to, String kind, StateTransferEvent event) {
        send(from, to, kind, new ProtocolEvent.Transfer(event));
    }

    private void toAll(int from, Signed<? extends ProtocolMessage> message, Batch body) {
        ids.forEach(to -> send(from, to, kind(message), message(message, body)));
    }

    private static ProtocolEvent message(Signed<? extends ProtocolMessage> message, Batch body) {
        return new ProtocolEvent.MessageReceived(message, body);
    }

    private static Batch body(Signed<? extends ProtocolMessage> message, List<Batch> bodies) {
        if (message.message() instanceof PrePrepare proposal) {
            return bodies.stream()
                    .filter(body -> body.digest().equals(proposal.digest()))
                    .findFirst()
                    .orElseThrow();
        }
        return null;
    }

    private static String kind(Signed<? extends ProtocolMessage> message) {
        return switch (message.message()) {
            case PrePrepare _ -> "pre-prepare";
            case Prepare _ -> "prepare";
            case Commit _ -> "commit";
            case Suspect _ -> "suspect";
            case ViewChange _ -> "view-change";
            case NewView _ -> "new-view";
            case CheckpointVote _ -> "checkpoint";
            case JoinRequest _ -> "join-request";
            case JoinApproval _ -> "join-approval";
        };
    }

    private void send(int from, int to, String kind, ProtocolEvent event) {
        Letter letter = new Letter(from, to, kind, event);
        boolean connected =
                from != to && !cut.contains(from) && !cut.contains(to) && knows(from, to) && knows(to, from);
        if (connected && lost.stream().noneMatch(filter -> filter.matches(letter))) {
            underWay.add(letter);
        }
    }

    private boolean knows(int id, int other) {
        Roster roster = rosters.get(id);
        return roster == null || roster.peersOf(id).contains(other);
    }

    void cut(int id) {
        cut.add(id);
        underWay.removeIf(letter -> letter.from() == id || letter.to() == id);
    }

    void mend(int id) {
        cut.remove(id);
    }

    /** From now on, every letter that matches is lost. */
    void lose(Filter filter) {
        lost.add(filter);
    }

    void loseNothing() {
        lost.clear();
    }

    void drop(Filter filter) {
        underWay.removeIf(filter::matches);
    }

    /** Hands over the oldest letter that matches, again and again, until none is left. */
    void deliver(Filter filter, Receiver receiver) {
        Letter next = takeFirst(filter);
        while (next != null) {
            receiver.receive(next.to(), next.event());
            next = takeFirst(filter);
        }
    }

    private Letter takeFirst(Filter filter) {
        for (Iterator<Letter> each = underWay.iterator(); each.hasNext(); ) {
            Letter letter = each.next();
            if (filter.matches(letter)) {
                each.remove();
                return letter;
            }
        }
        return null;
    }
}
