package io.atlassmr.cli.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.atlassmr.admin.ProofDocument;
import io.atlassmr.cli.CommandException;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.EpochLinks;
import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.evidence.EvidenceVerification;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.evidence.UnprovenException;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.MalformedMessageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A file with a proof, as {@code GET /admin/v1/evidence/ID} gives it.
 *
 * @param claimedMembers the members as the file names them, which whoever made it may have made up; empty if it names none
 * @param links decisions that began epochs, which prove themselves
 */
public record EvidenceFile(Proof proof, Optional<Membership> claimedMembers, List<ByteString> links) {

    private static final long MAX_FILE_BYTES = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    public EvidenceFile {
        links = List.copyOf(links);
    }

    /**
     * Reads a file.
     *
     * @throws CommandException if it does not hold a proof
     */
    public static EvidenceFile read(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new CommandException(file + " is larger than " + MAX_FILE_BYTES + " bytes");
            }
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new CommandException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new CommandException(file + " does not hold a proof: " + e.getMessage(), e);
        }
    }

    /**
     * Reads its text.
     *
     * @throws IllegalArgumentException if it does not hold a proof
     */
    public static EvidenceFile parse(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            if (!ProofDocument.FORMAT.equals(root.path("format").asText())) {
                throw new IllegalArgumentException("its format is not " + ProofDocument.FORMAT);
            }
            byte[] proof = root.path("proof").binaryValue();
            if (proof == null) {
                throw new IllegalArgumentException("it has no proof");
            }
            return new EvidenceFile(EvidenceCodec.decode(proof), members(root), links(root));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException | MalformedMessageException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Optional<Membership> members(JsonNode root) {
        if (!root.path("members").isArray() || root.path("members").isEmpty()) {
            return Optional.empty();
        }
        List<Member> members = new ArrayList<>();
        for (JsonNode member : root.path("members")) {
            members.add(new Member(
                    member.path("id").asInt(-1),
                    HexFormat.of().parseHex(member.path("publicKey").asText()),
                    "unknown",
                    1,
                    1));
        }
        return Optional.of(Membership.of(
                root.path("clusterId").asText(), root.path("epoch").asLong(), members));
    }

    private static List<ByteString> links(JsonNode root) throws IOException {
        List<ByteString> links = new ArrayList<>();
        for (JsonNode link : root.path("links")) {
            byte[] bytes = link.binaryValue();
            if (bytes == null) {
                throw new IllegalArgumentException("a link is not base 64");
            }
            links.add(ByteString.copyFrom(bytes));
        }
        return links;
    }

    /**
     * The members of the proof's epoch, as the file proves them from earlier ones that are trusted.
     *
     * @throws CommandException if it does not
     */
    public ClusterDescription members(ClusterDescription trusted, SignatureVerifier signatures) {
        long epoch = proof.misdeed().epoch();
        ClusterDescription known = trusted;
        try {
            for (ByteString link : links) {
                if (known.epoch() < epoch) {
                    known = EpochLinks.follow(known, List.of(link), signatures);
                }
            }
        } catch (EpochLinks.BrokenException e) {
            throw new CommandException("the file does not prove its members: " + e.getMessage(), e);
        }
        if (known.epoch() != epoch) {
            throw new CommandException("the proof is about epoch " + epoch
                    + ", and the file proves members up to epoch " + known.epoch() + " only");
        }
        return known;
    }

    /** Whether the proof holds against these members; if not, why. */
    public Optional<String> fault(Membership membership, SignatureVerifier signatures) {
        try {
            new EvidenceVerification(membership, signatures).verify(proof);
            return Optional.empty();
        } catch (UnprovenException e) {
            return Optional.of(e.getMessage());
        }
    }
}
