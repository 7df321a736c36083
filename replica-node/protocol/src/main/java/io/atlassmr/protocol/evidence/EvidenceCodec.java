package io.atlassmr.protocol.evidence;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.protocol.answer.SignedAnswer;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.ProtocolCodec;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.wire.v1.SignedProtocolMessage;
import java.util.Arrays;

/** Proofs as bytes, one form for each. Decoding checks structure and bounds, not whether the proof holds. */
public final class EvidenceCodec {

    /** Most bytes of a proof. One that would be larger is not made. */
    public static final int MAX_PROOF_BYTES = 512 << 10;

    private EvidenceCodec() {}

    /** The proof's canonical form. */
    public static byte[] encode(Proof proof) {
        var wire = io.atlassmr.wire.v1.Proof.newBuilder().setClusterId(proof.clusterId());
        switch (proof.misdeed()) {
            case Misdeed.Conflict(var first, var second) ->
                wire.getConflictBuilder().setFirst(ProtocolCodec.encode(first)).setSecond(ProtocolCodec.encode(second));
            case Misdeed.HiddenCommit(var commit, var viewChange) ->
                wire.getHiddenCommitBuilder()
                        .setCommit(ProtocolCodec.encode(commit))
                        .setViewChange(ProtocolCodec.encode(viewChange));
            case Misdeed.InvalidCertificate(var message) ->
                wire.getInvalidCertificateBuilder().setMessage(ProtocolCodec.encode(message));
            case Misdeed.WrongCheckpoint(var vote, var stable) ->
                wire.getWrongCheckpointBuilder()
                        .setVote(ProtocolCodec.encode(vote))
                        .setStable(ProtocolCodec.encode(stable));
            case Misdeed.TwoAnswers(var first, var second) ->
                wire.getTwoAnswersBuilder().setFirst(first.toJws()).setSecond(second.toJws());
        }
        return wire.build().toByteArray();
    }

    /**
     * The proof in these bytes.
     *
     * @throws MalformedMessageException if they are not the canonical form of one, or too many
     */
    public static Proof decode(byte[] bytes) throws MalformedMessageException {
        if (bytes.length > MAX_PROOF_BYTES) {
            throw new MalformedMessageException("a proof of " + bytes.length + " bytes, at most " + MAX_PROOF_BYTES);
        }
        Proof proof;
        try {
            proof = read(io.atlassmr.wire.v1.Proof.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("not a proof: " + e.getMessage(), e);
        }
        if (!Arrays.equals(bytes, encode(proof))) {
            throw new MalformedMessageException("a proof that is not in its canonical form");
        }
        return proof;
    }

    private static Proof read(io.atlassmr.wire.v1.Proof wire) throws MalformedMessageException {
        Misdeed misdeed = switch (wire.getMisdeedCase()) {
            case CONFLICT ->
                new Misdeed.Conflict(
                        ProtocolCodec.decode(wire.getConflict().getFirst()),
                        ProtocolCodec.decode(wire.getConflict().getSecond()));
            case HIDDEN_COMMIT ->
                new Misdeed.HiddenCommit(
                        signed(wire.getHiddenCommit().getCommit(), Commit.class),
                        signed(wire.getHiddenCommit().getViewChange(), ViewChange.class));
            case INVALID_CERTIFICATE ->
                new Misdeed.InvalidCertificate(
                        ProtocolCodec.decode(wire.getInvalidCertificate().getMessage()));
            case WRONG_CHECKPOINT ->
                new Misdeed.WrongCheckpoint(
                        signed(wire.getWrongCheckpoint().getVote(), CheckpointVote.class),
                        ProtocolCodec.decode(wire.getWrongCheckpoint().getStable()));
            case TWO_ANSWERS ->
                new Misdeed.TwoAnswers(
                        SignedAnswer.parse(wire.getTwoAnswers().getFirst()),
                        SignedAnswer.parse(wire.getTwoAnswers().getSecond()));
            case MISDEED_NOT_SET -> throw new MalformedMessageException("a proof of nothing");
        };
        return new Proof(wire.getClusterId(), misdeed);
    }

    private static <M extends ProtocolMessage> Signed<M> signed(SignedProtocolMessage wire, Class<M> type)
            throws MalformedMessageException {
        Signed<? extends ProtocolMessage> signed = ProtocolCodec.decode(wire);
        if (!type.isInstance(signed.message())) {
            throw new MalformedMessageException("a proof with a "
                    + signed.message().getClass().getSimpleName() + " in place of a " + type.getSimpleName());
        }
        return new Signed<>(type.cast(signed.message()), signed.signer(), signed.epoch(), signed.signature());
    }
}
