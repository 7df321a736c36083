package io.atlassmr.protocol.script;

import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.peer.PeerMemory;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * What a peer says, as events of the one that hears it. Besides the messages of {@link MessageNotation}:
 *
 * <pre>
 * pre-prepare v0 s1 {a1} with {b1}      pre-prepare v0 s1 {a1} without body
 * forward a1 b1                         body {a1}
 * status v0 decided 3 in transfer       decisions s1@v0={a1} s2@v0={b1}
 * ask instances 1..3                    ask decisions 1..3
 * remembers v1 decided 7                remembers v1 stable s4=x asked before
 * asks what is remembered               up
 * down
 * offer s4=x decided 7                  offer nothing
 * gave page 0 of s4                     gave part 1 of s4
 * lied about s4                         does not keep s4
 * </pre>
 */
final class Utterance {

    private final MessageNotation messages;
    private final BatchNotation batches;
    private final CheckpointNotation checkpoints;

    Utterance(MessageNotation messages, BatchNotation batches, CheckpointNotation checkpoints) {
        this.messages = messages;
        this.batches = batches;
        this.checkpoints = checkpoints;
    }

    /** @param question the hearer's, which a peer that tells what it remembers answers */
    List<ProtocolEvent> events(int from, String text, long question) {
        Words words = new Words(text);
        List<ProtocolEvent> events = new ArrayList<>();
        if (words.take("forward")) {
            batches.bundles(words.rest()).forEach(bundle -> events.add(new ProtocolEvent.BundleReceived(bundle, from)));
        } else if (words.take("body")) {
            events.add(new ProtocolEvent.BatchReceived(batches.batch(words.next())));
        } else if (words.take("decisions")) {
            List<Decision> decisions =
                    words.rest().stream().map(messages::decision).toList();
            events.add(new ProtocolEvent.DecisionsReceived(from, decisions));
        } else if (words.take("status")) {
            long view = words.number('v');
            words.expect("decided");
            long lastDecided = words.number();
            boolean inTransfer = words.take("in") && words.take("transfer");
            long stable = words.take("stable") ? words.number() : 0;
            long firstAvailable = words.take("log") ? logFrom(words) : 1;
            long wantsCheckpoint = 0;
            long wantsView = 0;
            while (words.take("wants")) {
                if (words.take("checkpoint")) {
                    wantsCheckpoint = words.number();
                } else {
                    wantsView = words.number('v');
                }
            }
            long needs = words.take("needs") ? words.number() : 0;
            boolean drains = words.take("drains");
            events.add(new ProtocolEvent.StatusReceived(
                    from,
                    new PeerStatus(
                            MessageNotation.EPOCH,
                            view,
                            lastDecided,
                            inTransfer,
                            stable,
                            firstAvailable,
                            wantsCheckpoint,
                            wantsView,
                            needs,
                            drains)));
        } else if (words.take("remembers")) {
            events.add(new ProtocolEvent.MemoryTold(from, memory(words, question)));
        } else if (words.take("asks")) {
            words.expect("what");
            words.expect("is");
            words.expect("remembered");
            events.add(new ProtocolEvent.MemoryAsked(from, question, MessageNotation.EPOCH));
        } else if (words.take("ask")) {
            events.add(question(from, words));
        } else if (words.startsWith("offer")
                || words.startsWith("gave")
                || words.startsWith("lied")
                || words.startsWith("does")) {
            events.add(new ProtocolEvent.Transfer(transfer(from, words)));
        } else if (words.take("up")) {
            events.add(new ProtocolEvent.PeerUp(from));
        } else if (words.take("down")) {
            events.add(new ProtocolEvent.PeerDown(from));
        } else {
            events.add(message(from, words));
        }
        words.end();
        return events;
    }

    private StateTransferEvent transfer(int from, Words words) {
        switch (words.next()) {
            case "offer" -> {
                return new StateTransferEvent.OfferReceived(from, checkpoints.offer(words));
            }
            case "gave" -> {
                boolean page = words.take("page");
                if (!page) {
                    words.expect("part");
                }
                int index = (int) words.number();
                words.expect("of");
                long s = words.number('s');
                return page
                        ? new StateTransferEvent.PageStored(from, s, index)
                        : new StateTransferEvent.PartsStored(from, s, List.of(index));
            }
            case "lied" -> {
                words.expect("about");
                return new StateTransferEvent.Refused(from, words.number('s'), "a lie");
            }
            default -> {
                words.expect("not");
                words.expect("keep");
                return new StateTransferEvent.NotKept(from, words.number('s'));
            }
        }
    }

    private static ProtocolEvent question(int from, Words words) {
        boolean decisions = words.take("decisions");
        if (!decisions) {
            words.expect("instances");
        }
        String[] range = words.next().split("\\.\\.", -1);
        long first = Long.parseLong(range[0]);
        long last = Long.parseLong(range[1]);
        return decisions
                ? new ProtocolEvent.DecisionsRequested(from, first, last)
                : new ProtocolEvent.InstancesRequested(from, 0, first, last);
    }

    private ProtocolEvent message(int from, Words words) {
        ProtocolMessage message = messages.message(words);
        Batch body = null;
        if (message instanceof PrePrepare proposal) {
            if (words.take("with")) {
                body = batches.batch(words.next());
            } else if (words.take("without")) {
                words.expect("body");
            } else {
                body = batches.batch(batches.text(proposal.digest()));
            }
        }
        return new ProtocolEvent.MessageReceived(MessageNotation.sign(from, message), body);
    }

    private PeerMemory memory(Words words, long question) {
        long view = words.number('v');
        Certificate decision = words.take("decided") ? checkpoints.decision(words.number()) : null;
        Certificate checkpoint = words.take("stable") ? checkpoints.certificate(words.next()) : null;
        boolean stale = words.take("asked");
        if (stale) {
            words.expect("before");
        }
        return new PeerMemory(stale ? question - 1 : question, view, decision, checkpoint);
    }

    private static long logFrom(Words words) {
        words.expect("from");
        return words.number();
    }
}
