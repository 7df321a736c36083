package io.atlassmr.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.ExecutedBatch.ClientReplies;
import io.atlassmr.runtime.reply.ReplySigning;
import io.atlassmr.wire.v1.Replies;
import io.atlassmr.wire.v1.SignedReplies;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Turns each result into a lie. */
final class FalseReplies {

    private static final byte[] LIE = "a lie".getBytes(StandardCharsets.UTF_8);

    private final ReplySigning signing;

    FalseReplies(String clusterId, int self, Signer identity) {
        this.signing = new ReplySigning(clusterId, self, identity);
    }

    byte[] told(ClientId clientId, byte[] frame) {
        try {
            Replies truth = Replies.parseFrom(SignedReplies.parseFrom(frame).getPayload());
            List<Reply> lies = truth.getRepliesList().stream()
                    .map(reply -> new Reply(reply.getNumber(), Reply.Outcome.OK, LIE, reply.getSequenceNumber()))
                    .toList();
            return truth.getUnordered()
                    ? signing.signUnordered(clientId, truth.getView(), lies.getFirst())
                            .frame()
                    : signing.sign(truth.getView(), List.of(new ClientReplies(clientId, lies)))
                            .getFirst()
                            .frame();
        } catch (InvalidProtocolBufferException e) {
            return frame;
        }
    }
}
