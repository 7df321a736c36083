package io.atlassmr.protocol.evidence;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Statement;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A misdeed with everything that is needed to check it, except the members' keys. Only {@link EvidenceVerification} makes it
 * more than a claim.
 *
 * @param clusterId the cluster it happened in
 */
public record Proof(String clusterId, Misdeed misdeed) {

    private static final byte[] DOMAIN = "atlas/evidence/v1\0".getBytes(StandardCharsets.US_ASCII);

    /**
     * Names what was signed, not how: two proofs with different signatures under the same messages are one.
     *
     * @throws IllegalArgumentException if the messages prove nothing together
     */
    public Digest id() {
        byte[] kind = misdeed.kind().name().getBytes(StandardCharsets.US_ASCII);
        byte[] head = ByteBuffer.allocate(1 + kind.length + Integer.BYTES)
                .put((byte) kind.length)
                .put(kind)
                .putInt(misdeed.accused())
                .array();
        return switch (misdeed) {
            case Misdeed.Conflict m -> Sha256.of(DOMAIN, head, statement(m.first()), statement(m.second()));
            case Misdeed.HiddenCommit m -> Sha256.of(DOMAIN, head, statement(m.commit()), statement(m.viewChange()));
            case Misdeed.InvalidCertificate m -> Sha256.of(DOMAIN, head, statement(m.message()));
            case Misdeed.WrongCheckpoint m -> Sha256.of(DOMAIN, head, statement(m.vote()), digest(m.stable()));
            case Misdeed.TwoAnswers m ->
                Sha256.of(
                        DOMAIN,
                        head,
                        Misdeed.TwoAnswers.statement(m.first()),
                        Misdeed.TwoAnswers.statement(m.second()));
        };
    }

    private byte[] statement(Signed<? extends ProtocolMessage> signed) {
        return Statement.of(clusterId, signed.epoch(), signed.message());
    }

    private static byte[] digest(Certificate certificate) {
        return certificate.digest().toByteArray();
    }

    /** Who is accused. */
    public int accused() {
        return misdeed.accused();
    }

    /** For a person: what the accused did, beginning with a verb. */
    public String describe() {
        return switch (misdeed) {
            case Misdeed.Conflict m -> describe(m);
            case Misdeed.HiddenCommit m ->
                "committed to " + m.commit().message().digest() + " at " + m.sequenceNumber() + " in view "
                        + m.commit().message().view() + " and concealed it when it asked for view " + m.view();
            case Misdeed.InvalidCertificate m ->
                "signed a " + m.message().message().getClass().getSimpleName() + " of view " + m.view()
                        + " with a certificate that no quorum has signed";
            case Misdeed.WrongCheckpoint m ->
                "vouched for state " + m.vote().message().digest() + " after decision " + m.sequenceNumber()
                        + ", a quorum has " + m.stable().digest();
            case Misdeed.TwoAnswers m ->
                "answered in two ways through its admin API what is so after decision " + m.sequenceNumber();
        };
    }

    private static String describe(Misdeed.Conflict m) {
        String both = "both " + Places.digest(m.first().message()) + " and "
                + Places.digest(m.second().message());
        String where = " at " + m.sequenceNumber() + " in view " + m.view();
        return switch (m.kind()) {
            case TWO_PROPOSALS -> "proposed " + both + where;
            case TWO_PREPARES -> "prepared " + both + where;
            case TWO_COMMITS -> "committed to " + both + where;
            case TWO_CHECKPOINTS -> "vouched for " + both + " as its state after decision " + m.sequenceNumber();
            case TWO_VIEW_CHANGES -> "asked for view " + m.view() + " twice, each time leaving out what it showed else";
            case HIDDEN_COMMIT, INVALID_CERTIFICATE, WRONG_CHECKPOINT, TWO_ANSWERS ->
                throw new IllegalStateException("a conflict is not a " + m.kind());
        };
    }
}
