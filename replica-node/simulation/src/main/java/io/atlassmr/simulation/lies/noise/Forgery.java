package io.atlassmr.simulation.lies.noise;

import com.google.protobuf.ByteString;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.runtime.frame.EvidenceFrames;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import io.atlassmr.wire.v1.Bundle;
import io.atlassmr.wire.v1.Request;
import io.atlassmr.wire.v1.SignedBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Puts words under names that never said them: members', strangers', clients', and of other epochs. */
public final class Forgery implements Lie {

    private static final int STRANGER = 99;
    private static final int FORGED_BATCH_PERMILLE = 50;

    private final Liar liar;
    private Signed<? extends ProtocolMessage> heard;

    public Forgery(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        boolean hasRequests =
                letter.batch() != null && !letter.batch().bundles().isEmpty();
        liar.proposeInstead(LieKind.FORGERY, letter, hasRequests ? FORGED_BATCH_PERMILLE : 0, this::forgedBatch, next);
    }

    private Batch forgedBatch(Batch batch) {
        List<ClientBundle> bundles = new ArrayList<>(batch.bundles());
        bundles.add(forged(bundles.getFirst()));
        return BatchCodec.encode(batch.agreedTimeMillis(), bundles);
    }

    /** A request that the client never made, under a number it has not used yet. */
    private ClientBundle forged(ClientBundle bundle) {
        ClientRequest last = bundle.requests().getLast();
        Bundle invented = Bundle.newBuilder()
                .setClientId(ByteString.copyFrom(bundle.clientId().toByteArray()))
                .setSignedAtMillis(bundle.signedAtMillis())
                .setAnsweredBelow(bundle.answeredBelow())
                .addRequests(Request.newBuilder()
                        .setNumber(Math.max(1, last.number() + 1 + liar.random().nextInt(3)))
                        .setOperation(ByteString.copyFrom(last.operation())))
                .build();
        byte[] payload = invented.toByteArray();
        try {
            return BatchCodec.decode(SignedBundle.newBuilder()
                    .setPayload(ByteString.copyFrom(payload))
                    .setSignature(
                            ByteString.copyFrom(liar.sign(new Suspect(0, false)).signature()))
                    .build());
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("a forged bundle is not even one", e);
        }
    }

    @Override
    public void act() {
        ReplicaStatus status = liar.status();
        if (status == null) {
            return;
        }
        liar.lied(LieKind.FORGERY, "of messages");
        long view = status.view();
        long number = status.lastDecided() + 1 + liar.random().nextInt(3);
        Digest digest = Digest.of(randomBytes(Digest.SIZE_BYTES));
        int to = liar.anyOther();
        switch (liar.random().nextInt(8)) {
            case 0 -> everyoneVotes(to, view, number, digest);
            case 1 ->
                liar.post(to, PeerFrames.message(forged(new Prepare(view, number, digest), liar.anyOther()), null));
            case 2 ->
                liar.post(
                        to,
                        PeerFrames.forwarded(List.of(forged(new Commit(view, number, digest), STRANGER)), List.of()));
            case 3 ->
                liar.post(to, PeerFrames.forwarded(List.of(otherEpoch(new Prepare(view, number, digest))), List.of()));
            case 4 -> liar.post(to, PeerFrames.decisions(List.of(forgedDecision(view, number)), liar.epoch()));
            case 5 ->
                liar.post(
                        to,
                        PeerFrames.forwarded(
                                List.of(forged(
                                        new Suspect(view, true),
                                        liar.membership().leaderOf(view))),
                                List.of()));
            case 6 -> accuse(to, view, number, digest);
            default ->
                liar.post(
                        to,
                        PeerFrames.message(liar.sign(new PrePrepare(view, number, Batch.NOOP.digest())), Batch.NOOP));
        }
    }

    /** A proof of nothing against another: made up, or half made up of what that one has signed. */
    private void accuse(int to, long view, long number, Digest digest) {
        int accused = liar.anyOther();
        Signed<ProtocolMessage> made = forged(new Prepare(view, number, digest), accused);
        Signed<? extends ProtocolMessage> other = heard == null || liar.random().nextBoolean()
                ? forged(new Prepare(view, number, Batch.NOOP.digest()), accused)
                : new Signed<>(made.message(), heard.signer(), heard.epoch(), heard.signature());
        Signed<? extends ProtocolMessage> first = other.signer() == accused ? made : heard;
        Misdeed misdeed = Misdeed.Conflict.of(first, other);
        liar.post(
                to,
                EvidenceFrames.proofs(
                        List.of(new Proof(liar.world().membership().clusterId(), misdeed))));
    }

    @Override
    public void overhear(Letter letter, int from) {
        if (letter.says() instanceof Prepare) {
            heard = letter.signed();
        }
    }

    private void everyoneVotes(int to, long view, long number, Digest digest) {
        List<Signed<? extends ProtocolMessage>> votes = new ArrayList<>();
        for (int member : liar.others()) {
            votes.add(forged(new Prepare(view, number, digest), member));
            votes.add(forged(new Commit(view, number, digest), member));
        }
        liar.post(to, PeerFrames.forwarded(votes, List.of()));
    }

    /** A message under another's name with a signature that is the liar's own, or nobody's. */
    private Signed<ProtocolMessage> forged(ProtocolMessage message, int signer) {
        byte[] signature = liar.random().nextBoolean() ? liar.sign(message).signature() : randomBytes(64);
        return new Signed<>(message, signer, liar.epoch(), signature);
    }

    private Signed<ProtocolMessage> otherEpoch(ProtocolMessage message) {
        return new Signed<>(
                message, liar.id(), liar.epoch() + 1, liar.sign(message).signature());
    }

    private Decision forgedDecision(long view, long number) {
        Batch batch = BatchCodec.encode(1, List.of());
        byte[] signature = liar.sign(new Commit(view, number, batch.digest())).signature();
        List<VoteSignature> signatures = new ArrayList<>();
        for (int i = 0; i < liar.membership().quorum().size(); i++) {
            signatures.add(new VoteSignature(liar.random().nextBoolean() ? i : liar.id(), signature));
        }
        return new Decision(new Certificate(view, number, batch.digest(), signatures), batch);
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        liar.random().nextBytes(bytes);
        return bytes;
    }
}
