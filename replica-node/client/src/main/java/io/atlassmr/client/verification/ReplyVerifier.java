package io.atlassmr.client.verification;

import com.google.protobuf.ByteString;
import io.atlassmr.client.verification.VerifiedRoots.Statement;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.MerkleTree;
import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.wire.v1.SignedReplies;
import java.util.ArrayList;
import java.util.List;

/** Checks that replies are vouched for by the replica they name. Thread-safe. */
public final class ReplyVerifier {

    private static final int MAX_LEAVES = 1 << 20;
    private static final int MAX_PATH = 20;

    private final SignatureVerifier signatures;
    private final VerifiedRoots verifiedRoots;
    private final SignedBytes signedBytes;
    private final List<byte[]> keys;
    private final List<Statement> signers;

    /**
     * @param clusterId the cluster signed for
     * @param signers the members, by index
     * @param verifiedRoots shared with others, or not
     */
    public ReplyVerifier(
            String clusterId, List<Statement> signers, SignatureVerifier signatures, VerifiedRoots verifiedRoots) {
        this.signatures = signatures;
        this.verifiedRoots = verifiedRoots;
        this.signedBytes = new SignedBytes(clusterId);
        this.signers = List.copyOf(signers);
        this.keys =
                signers.stream().map(signer -> signer.publicKey().toByteArray()).toList();
    }

    /**
     * Whether the member with this index signed the payload, alone or as a leaf of a batch's tree.
     *
     * @param replies hostile until this returns true
     */
    public boolean isVouchedFor(int memberIndex, SignedReplies replies) {
        Statement signer = signers.get(memberIndex);
        if (replies.getReplicaId() != signer.replicaId()
                || replies.getLeafCount() < 1
                || replies.getLeafCount() > MAX_LEAVES
                || replies.getPathCount() > MAX_PATH) {
            return false;
        }
        Digest root;
        try {
            root = MerkleTree.rootOf(
                    replies.getPayload().toByteArray(), replies.getLeafIndex(), replies.getLeafCount(), path(replies));
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (verifiedRoots.contains(signer, root)) {
            return true;
        }
        boolean valid = signatures.verify(
                keys.get(memberIndex),
                signedBytes.ofReplies(signer.replicaId(), root),
                replies.getSignature().toByteArray());
        if (valid) {
            verifiedRoots.add(signer, root);
        }
        return valid;
    }

    private static List<Digest> path(SignedReplies replies) {
        List<Digest> path = new ArrayList<>(replies.getPathCount());
        for (ByteString sibling : replies.getPathList()) {
            path.add(Digest.of(sibling.toByteArray()));
        }
        return path;
    }
}
