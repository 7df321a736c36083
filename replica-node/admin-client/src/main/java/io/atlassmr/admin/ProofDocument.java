package io.atlassmr.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.evidence.Proof;
import java.util.HexFormat;

/** A proof as a replica's admin API gives it, {@code atlas-evidence-v1}: {@code atlas evidence verify} checks a file with this text. */
public final class ProofDocument {

    /** What its field {@code format} says. */
    public static final String FORMAT = "atlas-evidence-v1";

    private ProofDocument() {}

    /**
     * The document of a proof.
     *
     * @param cluster the members of the epoch that it is about; whoever checks it compares them with those that he knows
     * @throws IllegalArgumentException if the members are those of another epoch or cluster
     */
    public static String of(Proof proof, ClusterDescription cluster) {
        long epoch = proof.misdeed().epoch();
        if (epoch != cluster.epoch() || !proof.clusterId().equals(cluster.clusterId())) {
            throw new IllegalArgumentException("a proof about epoch " + epoch + " of " + proof.clusterId()
                    + ", with the members of epoch " + cluster.epoch() + " of " + cluster.clusterId());
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("format", FORMAT)
                .put("clusterId", proof.clusterId())
                .put("epoch", epoch)
                .put("id", proof.id().toHex())
                .put("accused", proof.accused())
                .put("what", proof.describe())
                .put("proof", EvidenceCodec.encode(proof));
        ArrayNode members = document.putArray("members");
        for (Member member : cluster.members()) {
            members.addObject()
                    .put("id", member.id())
                    .put("publicKey", HexFormat.of().formatHex(member.publicKey()));
        }
        document.putArray("links");
        return document.toPrettyString();
    }
}
