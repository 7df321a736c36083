package io.atlassmr.protocol.membership;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What identifies a membership in a checkpoint: cluster, epoch, and each member's id and key. Addresses may change. */
public final class MembershipDigest {

    private MembershipDigest() {}

    public static Digest of(Membership membership) {
        List<byte[]> covered = new ArrayList<>();
        byte[] cluster = membership.clusterId().getBytes(StandardCharsets.UTF_8);
        covered.add(ByteBuffer.allocate(1 + cluster.length + Long.BYTES + Integer.BYTES)
                .put((byte) cluster.length)
                .put(cluster)
                .putLong(membership.epoch())
                .putInt(membership.members().size())
                .array());
        for (Member member : membership.members()) {
            covered.add(ByteBuffer.allocate(Integer.BYTES).putInt(member.id()).array());
            covered.add(member.publicKey());
        }
        return Sha256.of(covered.toArray(byte[][]::new));
    }
}
