package io.atlassmr.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolCodec;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Statement;
import io.atlassmr.protocol.message.agreement.Vote;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.wire.v1.PeerMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns what a leader says into two stories: peers with odd ids hear the second, and at places with odd numbers the first as well,
 * so that it can be found out. Thread-safe.
 */
final class Equivocation {

    private record Place(long view, long sequenceNumber) {}

    private final String clusterId;
    private final long epoch;
    private final int self;
    private final Signer identity;
    private final Map<Place, Batch> second = new ConcurrentHashMap<>();

    Equivocation(String clusterId, long epoch, int self, Signer identity) {
        this.clusterId = clusterId;
        this.epoch = epoch;
        this.self = self;
        this.identity = identity;
    }

    /** The frames that this peer hears in place of the given one. */
    List<byte[]> told(int peer, byte[] frame) {
        if (peer % 2 == 0) {
            return List.of(frame);
        }
        try {
            PeerMessage message = PeerMessage.parseFrom(frame);
            if (!message.hasProtocol()) {
                return List.of(frame);
            }
            Signed<? extends ProtocolMessage> signed = ProtocolCodec.decode(message.getProtocol());
            if (signed.signer() != self) {
                return List.of(frame);
            }
            return switch (signed.message()) {
                case PrePrepare proposal -> {
                    byte[] another = proposed(
                            proposal,
                            BatchCodec.decode(message.getProtocol().getBatch().toByteArray()));
                    yield proposal.sequenceNumber() % 2 == 0 ? List.of(another) : List.of(another, frame);
                }
                case Vote vote -> List.of(voted(vote, frame));
                default -> List.of(frame);
            };
        } catch (InvalidProtocolBufferException | MalformedMessageException e) {
            return List.of(frame);
        }
    }

    private byte[] proposed(PrePrepare proposal, Batch first) {
        Batch batch =
                second.computeIfAbsent(new Place(proposal.view(), proposal.sequenceNumber()), _ -> another(first));
        return signed(new PrePrepare(proposal.view(), proposal.sequenceNumber(), batch.digest()), batch);
    }

    private static Batch another(Batch batch) {
        List<ClientBundle> bundles = new ArrayList<>(batch.bundles());
        Collections.reverse(bundles);
        return BatchCodec.encode(batch.agreedTimeMillis() + 1, bundles);
    }

    private byte[] voted(Vote vote, byte[] frame) {
        Batch batch = second.get(new Place(vote.view(), vote.sequenceNumber()));
        if (batch == null) {
            return frame;
        }
        Digest digest = batch.digest();
        return signed(
                switch (vote) {
                    case Prepare _ -> new Prepare(vote.view(), vote.sequenceNumber(), digest);
                    case Commit _ -> new Commit(vote.view(), vote.sequenceNumber(), digest);
                },
                null);
    }

    private byte[] signed(ProtocolMessage message, Batch batch) {
        byte[] signature = identity.sign(Statement.of(clusterId, epoch, message));
        return PeerFrames.message(new Signed<>(message, self, epoch, signature), batch);
    }
}
