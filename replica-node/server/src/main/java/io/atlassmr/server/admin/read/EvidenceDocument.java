package io.atlassmr.server.admin.read;

import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.evidence.KeptProof;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.ProtocolCodec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A proof with everything that is needed to check it. What it says of the members is this replica's word: whoever checks compares
 * it with what he knows of them.
 *
 * @param format {@value #FORMAT}
 * @param proof the canonical form of an {@code atlas.v1.Proof}
 * @param members those of the epoch
 * @param links the decisions that began the epochs from 2 to this one, serialised, in base 64: with the first members they prove those of
 *     the epoch
 */
public record EvidenceDocument(
        String format,
        String clusterId,
        long epoch,
        String id,
        int accused,
        String what,
        byte[] proof,
        List<MemberKey> members,
        List<String> links) {

    static final String FORMAT = "atlas-evidence-v1";

    /** @param publicKey 64 hexadecimal digits */
    public record MemberKey(int id, String publicKey) {}

    static EvidenceDocument of(KeptProof kept, Membership membership, List<Decision> links) {
        return new EvidenceDocument(
                FORMAT,
                membership.clusterId(),
                kept.proof().misdeed().epoch(),
                kept.id().toHex(),
                kept.proof().accused(),
                kept.proof().describe(),
                EvidenceCodec.encode(kept.proof()),
                membership.members().stream()
                        .map(member -> new MemberKey(member.id(), HexFormat.of().formatHex(member.publicKey())))
                        .toList(),
                links.stream()
                        .map(link -> Base64.getEncoder().encodeToString(ProtocolCodec.toBytes(link)))
                        .toList());
    }
}
