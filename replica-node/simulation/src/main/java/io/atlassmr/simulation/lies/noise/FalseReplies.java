package io.atlassmr.simulation.lies.noise;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.api.ClientId;
import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvResult;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.reply.ReplySigning;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import io.atlassmr.wire.v1.Replies;
import io.atlassmr.wire.v1.SignedReplies;
import java.util.ArrayList;
import java.util.List;

/** Gives clients answers of its own making, properly signed. */
public final class FalseReplies implements Lie {

    private static final int FALSE_PERMILLE = 500;

    private final Liar liar;
    private final ReplySigning signing;

    public FalseReplies(Liar liar) {
        this.liar = liar;
        this.signing = new ReplySigning(
                liar.membership().clusterId(), liar.id(), liar.machine().identity());
    }

    @Override
    public byte[] tellClient(ClientId clientId, byte[] frame) {
        if (!liar.sometimes(FALSE_PERMILLE)) {
            return frame;
        }
        try {
            Replies truth = Replies.parseFrom(SignedReplies.parseFrom(frame).getPayload());
            liar.lied(LieKind.FALSE_REPLIES, "");
            List<Reply> replies = new ArrayList<>();
            truth.getRepliesList().forEach(reply -> replies.add(falsified(reply)));
            return truth.getUnordered()
                    ? signing.signUnordered(clientId, truth.getView(), replies.getFirst())
                            .frame()
                    : signing.sign(truth.getView(), List.of(new ExecutedBatch.ClientReplies(clientId, replies)))
                            .getFirst()
                            .frame();
        } catch (InvalidProtocolBufferException e) {
            return frame;
        }
    }

    private Reply falsified(io.atlassmr.wire.v1.Reply truth) {
        return switch (liar.random().nextInt(3)) {
            case 0 -> reply(truth, Reply.Outcome.OK, new KvResult.Found(Bytes.ofUtf8("lie")));
            case 1 -> reply(truth, Reply.Outcome.OK, new KvResult.NotFound());
            default -> reply(truth, Reply.Outcome.REJECTED, new KvResult.Nothing());
        };
    }

    private static Reply reply(io.atlassmr.wire.v1.Reply truth, Reply.Outcome outcome, KvResult result) {
        return new Reply(truth.getNumber(), outcome, KvCodec.encodeResult(result), truth.getSequenceNumber());
    }
}
