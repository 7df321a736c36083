package io.atlassmr.simulation.network;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.ProtocolCodec;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.wire.v1.PeerMessage;
import io.atlassmr.wire.v1.SignedProtocolMessage;
import java.util.stream.Collectors;

/** Frames for a person who reads a trace. */
final class FrameText {

    private FrameText() {}

    static String of(byte[] frame, int from, int to) {
        if (Nodes.isClient(from)) {
            return "requests";
        }
        if (Nodes.isClient(to)) {
            return "replies";
        }
        try {
            PeerMessage message = PeerMessage.parseFrom(frame);
            return switch (message.getBodyCase()) {
                case PROTOCOL -> text(message.getProtocol());
                case FORWARDED_PROTOCOL ->
                    message.getForwardedProtocol().getMessagesList().stream()
                                    .map(FrameText::text)
                                    .collect(Collectors.joining(", ", "forwards [", "]"))
                            + " and " + message.getForwardedProtocol().getBatchesCount() + " batches";
                case FORWARDED_REQUESTS -> message.getForwardedRequests().getBundlesCount() + " forwarded bundles";
                case LOG_TRANSFER ->
                    message.getLogTransfer().hasRequest()
                            ? "asks for decisions from "
                                    + message.getLogTransfer().getRequest().getFromSequenceNumber()
                            : message.getLogTransfer().getDecisions().getDecisionsCount() + " decisions";
                case STATUS ->
                    "status view " + message.getStatus().getView() + " decided "
                            + message.getStatus().getLastDecided()
                            + (message.getStatus().getInViewTransfer() ? " in view transfer" : "");
                case MEMORY_REQUEST -> "asks what is remembered";
                case MEMORY -> "remembers view " + message.getMemory().getView();
                case INSTANCE_REQUEST ->
                    "asks for instances " + message.getInstanceRequest().getFromSequenceNumber() + " to "
                            + message.getInstanceRequest().getToSequenceNumber();
                case STATE_TRANSFER ->
                    "state transfer " + message.getStateTransfer().getBodyCase();
                case EVIDENCE -> "evidence";
                case RECONFIGURATION ->
                    "reconfiguration " + message.getReconfiguration().getBodyCase();
                case BODY_NOT_SET -> "nothing";
            };
        } catch (InvalidProtocolBufferException e) {
            return "garbage";
        }
    }

    private static String text(SignedProtocolMessage wire) {
        try {
            Signed<? extends ProtocolMessage> signed = ProtocolCodec.decode(wire);
            return text(signed.message()) + " of " + signed.signer();
        } catch (MalformedMessageException e) {
            return "malformed " + wire.getBodyCase();
        }
    }

    private static String text(ProtocolMessage message) {
        return switch (message) {
            case ViewChange m ->
                "ViewChange[view=" + m.view() + ", lastDecided=" + m.lastDecided() + ", prepared="
                        + m.prepared().stream()
                                .map(c -> c.sequenceNumber() + "@" + c.view() + ":" + c.digest())
                                .toList()
                        + "]";
            case NewView m ->
                "NewView[view=" + m.view() + ", "
                        + m.viewChanges().stream()
                                .map(v -> text(v.message()) + " of " + v.signer())
                                .toList()
                        + "]";
            default -> message.toString();
        };
    }
}
