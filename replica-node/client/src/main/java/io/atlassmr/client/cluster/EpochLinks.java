package io.atlassmr.client.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.api.ClientId;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.client.quorum.QuorumSizes;
import io.atlassmr.client.verification.SignedBytes;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.wire.v1.Batch;
import io.atlassmr.wire.v1.Certificate;
import io.atlassmr.wire.v1.Decision;
import io.atlassmr.wire.v1.Epoch;
import io.atlassmr.wire.v1.VoteSignature;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows a cluster's members from those that are trusted to later ones. Each link is the last decision of an epoch: its batch names
 * the members from then on, and a quorum of the members until then committed to it. Whoever gives the links is not trusted at all.
 */
public final class EpochLinks {

    private static final int SIGNATURE_BYTES = 64;

    private EpochLinks() {}

    /** A link that does not follow from the one before. */
    public static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenException(String message) {
            super(message);
        }
    }

    /**
     * The cluster after the last link; {@code trusted} itself if there is none that is new. Ports that members do not agree on, as of
     * the admin API, are kept from before for those who stay where they were.
     *
     * @param links serialised decisions, ascending; those of epochs that are known are passed over
     * @throws BrokenException if a link does not follow from the one before, or is not vouched for
     */
    public static ClusterDescription follow(
            ClusterDescription trusted, List<ByteString> links, SignatureVerifier signatures) throws BrokenException {
        ClusterDescription known = trusted;
        for (ByteString link : links) {
            known = step(known, link, signatures);
        }
        return known;
    }

    private static ClusterDescription step(ClusterDescription known, ByteString link, SignatureVerifier signatures)
            throws BrokenException {
        Decision decision;
        Batch batch;
        try {
            decision = Decision.parseFrom(link);
            batch = Batch.parseFrom(decision.getBatch());
        } catch (InvalidProtocolBufferException e) {
            throw new BrokenException("not a decision: " + e.getMessage());
        }
        Epoch begun = batch.getEpoch();
        if (batch.hasEpoch() && Long.compareUnsigned(begun.getEpoch(), known.epoch()) <= 0) {
            return known;
        }
        Certificate certificate = decision.getCertificate();
        boolean follows = batch.hasEpoch()
                && begun.getEpoch() == known.epoch() + 1
                && begun.getClusterId().equals(known.clusterId())
                && begun.getBase() == certificate.getSequenceNumber();
        if (!follows) {
            throw new BrokenException(
                    "epoch " + Long.toUnsignedString(begun.getEpoch()) + " does not follow " + known.epoch());
        }
        requireQuorum(known, certificate, Sha256.of(decision.getBatch().toByteArray()), signatures);
        return described(known, begun);
    }

    private static void requireQuorum(
            ClusterDescription known, Certificate certificate, Digest batch, SignatureVerifier signatures)
            throws BrokenException {
        int quorum = new QuorumSizes(known.members().size()).quorum();
        if (certificate.getSignaturesCount() != quorum
                || !certificate.getDigest().equals(ByteString.copyFrom(batch.toByteArray()))) {
            throw new BrokenException("the end of epoch " + known.epoch() + " has no certificate of " + quorum);
        }
        byte[] statement = new SignedBytes(known.clusterId())
                .ofCommit(known.epoch(), certificate.getView(), certificate.getSequenceNumber(), batch);
        int previous = -1;
        for (VoteSignature vote : certificate.getSignaturesList()) {
            int index = known.indexOf(vote.getSigner());
            boolean good = index > previous
                    && vote.getSignature().size() == SIGNATURE_BYTES
                    && signatures.verify(
                            known.members().get(index).publicKey(),
                            statement,
                            vote.getSignature().toByteArray());
            if (!good) {
                throw new BrokenException("replica " + vote.getSigner() + " did not vote for the end of epoch "
                        + known.epoch() + ", or twice");
            }
            previous = index;
        }
    }

    private static ClusterDescription described(ClusterDescription known, Epoch begun) throws BrokenException {
        List<Member> members = new ArrayList<>(begun.getMembersCount());
        try {
            for (io.atlassmr.wire.v1.Member member : begun.getMembersList()) {
                members.add(described(known, member));
            }
            return new ClusterDescription(known.clusterId(), begun.getEpoch(), members, known.administrators());
        } catch (IllegalArgumentException e) {
            throw new BrokenException("epoch " + begun.getEpoch() + " is no cluster: " + e.getMessage());
        }
    }

    private static Member described(ClusterDescription known, io.atlassmr.wire.v1.Member member) {
        if (member.getPublicKey().size() != ClientId.SIZE_BYTES) {
            throw new IllegalArgumentException(
                    "a key of " + member.getPublicKey().size() + " bytes");
        }
        int index = known.indexOf(member.getId());
        Member before = index < 0 ? null : known.members().get(index);
        boolean stays =
                before != null && before.host().equals(member.getHost()) && before.peerPort() == member.getPeerPort();
        return new Member(
                member.getId(),
                member.getPublicKey().toByteArray(),
                member.getHost(),
                member.getPeerPort(),
                member.getClientPort(),
                stays ? before.adminPort() : 0,
                stays ? before.managementPort() : 0,
                stays ? before.gatewayPort() : 0);
    }
}
