package io.atlassmr.protocol.message.agreement;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.VoteSignature;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The bytes that a member signs: {@code "atlas/protocol/v1" NUL}, kind, cluster id with its length, epoch, and the message's
 * fields, integers big endian. The signer is not part of it, so that a quorum of equal votes shares one statement. View
 * changes and new views are signed by the SHA-256 of their contents.
 */
public final class Statement {

    private static final byte[] DOMAIN = "atlas/protocol/v1\0".getBytes(StandardCharsets.US_ASCII);

    private Statement() {}

    /** What a signature under {@code message} covers. */
    public static byte[] of(String clusterId, long epoch, ProtocolMessage message) {
        return switch (message) {
            // The same statement: a proposal is its leader's prepare.
            case PrePrepare m -> of(clusterId, epoch, m.vote());
            case Prepare m -> agreement(2, clusterId, epoch, m.view(), m.sequenceNumber(), m.digest());
            case Commit m -> agreement(3, clusterId, epoch, m.view(), m.sequenceNumber(), m.digest());
            case Suspect m -> agreement(4, clusterId, epoch, m.view(), m.handover() ? 1 : 0, Digest.ZERO);
            case ViewChange m -> agreement(5, clusterId, epoch, m.view(), m.lastDecided(), contents(m));
            case CheckpointVote m -> agreement(7, clusterId, epoch, 0, m.sequenceNumber(), m.digest());
            case JoinRequest m -> agreement(8, clusterId, epoch, 0, m.lastDecided(), m.admission());
            case JoinApproval m -> agreement(9, clusterId, epoch, 0, m.newcomer(), m.admission());
            case NewView m ->
                agreement(6, clusterId, epoch, m.view(), m.viewChanges().size(), contents(m));
        };
    }

    private static byte[] agreement(int kind, String clusterId, long epoch, long view, long number, Digest digest) {
        byte[] cluster = clusterId.getBytes(StandardCharsets.UTF_8);
        return bytes(out -> {
            out.write(DOMAIN);
            out.writeByte(kind);
            out.writeByte(cluster.length);
            out.write(cluster);
            out.writeLong(epoch);
            out.writeLong(view);
            out.writeLong(number);
            out.write(digest.toByteArray());
        });
    }

    private static Digest contents(ViewChange message) {
        return Sha256.of(bytes(out -> {
            writeCertificates(out, message.decided());
            writeCertificates(out, message.prepared());
            writeCertificates(out, message.checkpoint() == null ? List.of() : List.of(message.checkpoint()));
        }));
    }

    private static Digest contents(NewView message) {
        return Sha256.of(bytes(out -> {
            for (Signed<ViewChange> signed : message.viewChanges()) {
                out.writeInt(signed.signer());
                out.writeLong(signed.epoch());
                out.writeLong(signed.message().view());
                out.writeLong(signed.message().lastDecided());
                out.write(contents(signed.message()).toByteArray());
                writeSized(out, signed.signature());
            }
        }));
    }

    private static void writeCertificates(DataOutputStream out, List<Certificate> certificates) throws IOException {
        out.writeInt(certificates.size());
        for (Certificate certificate : certificates) {
            out.writeLong(certificate.view());
            out.writeLong(certificate.sequenceNumber());
            out.write(certificate.digest().toByteArray());
            out.writeInt(certificate.signatures().size());
            for (VoteSignature signature : certificate.signatures()) {
                out.writeInt(signature.signer());
                writeSized(out, signature.signature());
            }
        }
    }

    private static void writeSized(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try {
            body.writeTo(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array refused bytes", e);
        }
        return bytes.toByteArray();
    }
}
