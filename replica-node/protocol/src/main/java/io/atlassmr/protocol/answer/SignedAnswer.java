package io.atlassmr.protocol.answer;

import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.message.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * An answer of a replica's admin API under its signature: a JWS in compact serialisation (RFC 7515) with {@code EdDSA} (RFC 8037). What
 * is signed begins with the base 64 of a header, as no other statement does. Immutable.
 *
 * @param body the answer itself, JSON
 * @param signature 64 bytes
 */
public record SignedAnswer(AnswerHeader header, byte[] body, byte[] signature) {

    /** The header of a request that asks for a signature, with the caller's nonce. */
    public static final String NONCE_HEADER = "Atlas-Nonce";

    /** The media type of a JWS in compact serialisation. */
    public static final String MEDIA_TYPE = "application/jose";

    /** Most characters of one that is read: 8192 digests fit. */
    public static final int MAX_CHARACTERS = 2 << 20;

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final int SIGNATURE_BYTES = 64;

    public SignedAnswer {
        body = body.clone();
        signature = signature.clone();
    }

    /** Signs an answer. */
    public static SignedAnswer sign(AnswerHeader header, byte[] body, Signer signer) {
        return new SignedAnswer(header, body, signer.sign(signingInput(header, body)));
    }

    private static byte[] signingInput(AnswerHeader header, byte[] body) {
        String head = ENCODER.encodeToString(header.toJson().getBytes(StandardCharsets.UTF_8));
        return (head + "." + ENCODER.encodeToString(body)).getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the holder of this key signed it. */
    public boolean isSignedBy(byte[] publicKey, SignatureVerifier signatures) {
        return signatures.verify(publicKey, signingInput(header, body), signature);
    }

    /** Whether one replica cannot have given both answers in one epoch unless it is faulty. */
    public boolean contradicts(SignedAnswer other) {
        return header.replicaId() == other.header.replicaId()
                && header.epoch() == other.header.epoch()
                && header.clusterId().equals(other.header.clusterId())
                && header.position().contradicts(other.header.position());
    }

    /** As it is sent. */
    public String toJws() {
        return new String(signingInput(header, body), StandardCharsets.US_ASCII)
                + "."
                + ENCODER.encodeToString(signature);
    }

    /**
     * The answer with this text, whose signature is not checked yet.
     *
     * @throws MalformedMessageException if it is no JWS, is too long, or another than the one form that a replica gives it
     */
    public static SignedAnswer parse(String jws) throws MalformedMessageException {
        if (jws.length() > MAX_CHARACTERS) {
            throw new MalformedMessageException(
                    "a signed answer of " + jws.length() + " characters, at most " + MAX_CHARACTERS);
        }
        int first = jws.indexOf('.');
        int second = jws.indexOf('.', first + 1);
        if (first < 0 || second < 0) {
            throw new MalformedMessageException("a signed answer has three parts with dots between");
        }
        String head = new String(decode(jws.substring(0, first)), StandardCharsets.UTF_8);
        byte[] signature = decode(jws.substring(second + 1));
        if (signature.length != SIGNATURE_BYTES) {
            throw new MalformedMessageException("a signature of " + signature.length + " bytes");
        }
        SignedAnswer answer =
                new SignedAnswer(AnswerHeader.parse(head), decode(jws.substring(first + 1, second)), signature);
        if (!answer.toJws().equals(jws)) {
            throw new MalformedMessageException("a signed answer that is not in its one form");
        }
        return answer;
    }

    private static byte[] decode(String part) throws MalformedMessageException {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("a signed answer that is not base 64: " + e.getMessage(), e);
        }
    }

    /** A copy. */
    @Override
    public byte[] body() {
        return body.clone();
    }

    /** A copy. */
    @Override
    public byte[] signature() {
        return signature.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignedAnswer that
                && header.equals(that.header)
                && Arrays.equals(body, that.body)
                && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return 31 * header.hashCode() + Arrays.hashCode(signature);
    }

    /** The header alone. */
    @Override
    public String toString() {
        return header.toJson();
    }
}
