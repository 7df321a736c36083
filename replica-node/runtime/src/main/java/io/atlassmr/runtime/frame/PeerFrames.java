package io.atlassmr.runtime.frame;

import com.google.protobuf.UnsafeByteOperations;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.ProtocolCodec;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.peer.PeerMemory;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.wire.v1.Memory;
import io.atlassmr.wire.v1.PeerMessage;
import java.util.ArrayList;
import java.util.List;

/** Frames between replicas, made from what is to be said. {@link PeerFrameReader} reads them. */
public final class PeerFrames {

    private static final int MAX_FORWARDED_BYTES = 6 << 20;

    private PeerFrames() {}

    /** A frame that says a member's own message. */
    public static byte[] message(Signed<? extends ProtocolMessage> signed, Batch batch) {
        return PeerMessage.newBuilder()
                .setProtocol(batch == null ? ProtocolCodec.encode(signed) : ProtocolCodec.encode(signed, batch))
                .build()
                .toByteArray();
    }

    /** A frame with messages of any members, and bodies. */
    public static byte[] forwarded(List<Signed<? extends ProtocolMessage>> messages, List<Batch> batches) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        messages.forEach(message -> frame.getForwardedProtocolBuilder().addMessages(ProtocolCodec.encode(message)));
        batches.forEach(batch ->
                frame.getForwardedProtocolBuilder().addBatches(UnsafeByteOperations.unsafeWrap(batch.encoded())));
        return frame.build().toByteArray();
    }

    /** Frames with messages of any members, and bodies, each within the limit of its class. */
    public static List<byte[]> forwardedInParts(List<Signed<? extends ProtocolMessage>> messages, List<Batch> batches) {
        List<byte[]> frames = new ArrayList<>();
        List<Signed<? extends ProtocolMessage>> unsaid = messages;
        List<Batch> part = new ArrayList<>();
        int sizeBytes = 0;
        for (Batch batch : batches) {
            if (sizeBytes > 0 && sizeBytes + batch.encoded().length > MAX_FORWARDED_BYTES) {
                frames.add(forwarded(unsaid, part));
                unsaid = List.of();
                part.clear();
                sizeBytes = 0;
            }
            part.add(batch);
            sizeBytes += batch.encoded().length;
        }
        frames.add(forwarded(unsaid, part));
        return frames;
    }

    /** Frames with bundles, each within the limit of its class. */
    public static List<byte[]> requests(List<ClientBundle> bundles) {
        List<byte[]> frames = new ArrayList<>();
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        int sizeBytes = 0;
        for (ClientBundle bundle : bundles) {
            if (sizeBytes > 0 && sizeBytes + bundle.sizeBytes() > MAX_FORWARDED_BYTES) {
                frames.add(frame.build().toByteArray());
                frame = PeerMessage.newBuilder();
                sizeBytes = 0;
            }
            frame.getForwardedRequestsBuilder().addBundles(BatchCodec.toWire(bundle));
            sizeBytes += bundle.sizeBytes();
        }
        frames.add(frame.build().toByteArray());
        return frames;
    }

    /** A frame that tells how far this replica is. */
    public static byte[] status(PeerStatus status) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        frame.getStatusBuilder()
                .setEpoch(status.epoch())
                .setView(status.view())
                .setLastDecided(status.lastDecided())
                .setInViewTransfer(status.inViewTransfer())
                .setStableCheckpoint(status.stableCheckpoint())
                .setFirstAvailable(status.firstAvailable())
                .setWantsCheckpoint(status.wantsCheckpoint())
                .setWantsView(status.wantsView())
                .setNeeds(status.needs())
                .setDrains(status.drains());
        return frame.build().toByteArray();
    }

    /** A frame that asks what the receiver remembers, if it is in this epoch. */
    public static byte[] memoryRequest(long question, long epoch) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        frame.getMemoryRequestBuilder().setEpoch(epoch).setQuestion(question);
        return frame.build().toByteArray();
    }

    /**
     * A frame that tells what this replica remembers.
     *
     * @param epoch the newest that this replica knows
     */
    public static byte[] memory(PeerMemory memory, long epoch) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        Memory.Builder told = frame.getMemoryBuilder()
                .setEpoch(epoch)
                .setQuestion(memory.question())
                .setView(memory.view());
        if (memory.decision() != null) {
            told.setDecision(ProtocolCodec.encode(memory.decision()));
        }
        if (memory.checkpoint() != null) {
            told.setCheckpoint(ProtocolCodec.encode(memory.checkpoint()));
        }
        return frame.build().toByteArray();
    }

    /** A frame that asks for bodies and votes. */
    public static byte[] instanceRequest(long view, long from, long to) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        frame.getInstanceRequestBuilder()
                .setView(view)
                .setFromSequenceNumber(from)
                .setToSequenceNumber(to);
        return frame.build().toByteArray();
    }

    /** A frame that asks for decisions. */
    public static byte[] decisionsRequest(long from, long to) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        frame.getLogTransferBuilder()
                .getRequestBuilder()
                .setFromSequenceNumber(from)
                .setToSequenceNumber(to);
        return frame.build().toByteArray();
    }

    /** A frame that tells commands on. */
    public static byte[] commands(List<SignedCommand> commands) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        var body = frame.getReconfigurationBuilder().getCommandsBuilder();
        commands.forEach(command -> body.addCommands(CommandCodec.toWire(command)));
        return frame.build().toByteArray();
    }

    /** A frame that asks for the decisions that began epochs. */
    public static byte[] epochsRequest(long fromEpoch) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        frame.getReconfigurationBuilder().getEpochsRequestBuilder().setFromEpoch(fromEpoch);
        return frame.build().toByteArray();
    }

    /** A frame with the decisions that began epochs, ascending. */
    public static byte[] epochs(List<Decision> decisions) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        var body = frame.getReconfigurationBuilder().getEpochsBuilder();
        decisions.forEach(decision -> body.addDecisions(ProtocolCodec.encode(decision)));
        return frame.build().toByteArray();
    }

    /**
     * A frame with decisions, ascending.
     *
     * @param epoch the newest that this replica knows
     */
    public static byte[] decisions(List<Decision> decisions, long epoch) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        var body = frame.getLogTransferBuilder().getDecisionsBuilder().setEpoch(epoch);
        decisions.forEach(decision -> body.addDecisions(ProtocolCodec.encode(decision)));
        return frame.build().toByteArray();
    }
}
