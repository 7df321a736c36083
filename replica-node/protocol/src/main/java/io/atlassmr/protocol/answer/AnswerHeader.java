package io.atlassmr.protocol.answer;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.MalformedMessageException;
import java.util.HexFormat;

/**
 * What a replica signs with an answer of its admin API: the protected header of a JWS (RFC 7515). It has one form, in which its text
 * says everything that it says and nothing else, so that it can be compared and rebuilt by its bytes.
 *
 * @param clusterId 1 to 64 characters
 * @param epoch of the next decision; the members of it know the key that signs
 * @param replicaId who answers
 * @param target path and query of the question; at most {@value #MAX_TARGET_CHARACTERS} printable ASCII characters
 * @param nonce the caller's; see {@link #isNonce}
 */
public record AnswerHeader(
        String clusterId, long epoch, int replicaId, AnswerPosition position, String target, String nonce) {

    /** Most characters of a question. */
    public static final int MAX_TARGET_CHARACTERS = 512;

    private static final int MAX_CLUSTER_ID_CHARACTERS = 64;
    private static final int MIN_NONCE_CHARACTERS = 16;
    private static final int MAX_NONCE_CHARACTERS = 128;

    public AnswerHeader {
        if (clusterId.isEmpty() || clusterId.length() > MAX_CLUSTER_ID_CHARACTERS) {
            throw new IllegalArgumentException("a cluster id has 1 to 64 characters, got " + clusterId.length());
        }
        if (epoch < 1 || replicaId < 0 || position.sequenceNumber() < 0 || position.stateSequenceNumber() < 0) {
            throw new IllegalArgumentException("an answer with a number below its least");
        }
        if (!target.startsWith("/")
                || target.length() > MAX_TARGET_CHARACTERS
                || !target.chars().allMatch(AnswerHeader::isPlain)) {
            throw new IllegalArgumentException("a question is a path of at most " + MAX_TARGET_CHARACTERS
                    + " printable ASCII characters without quotes and backslashes");
        }
        if (!isNonce(nonce)) {
            throw new IllegalArgumentException("a nonce has " + MIN_NONCE_CHARACTERS + " to " + MAX_NONCE_CHARACTERS
                    + " letters, digits, hyphens and underscores");
        }
    }

    /** Whether a caller may give this as a nonce: 16 to 128 letters, digits, hyphens and underscores. */
    public static boolean isNonce(String nonce) {
        return nonce.length() >= MIN_NONCE_CHARACTERS
                && nonce.length() <= MAX_NONCE_CHARACTERS
                && nonce.chars().allMatch(AnswerHeader::isOfNonce);
    }

    private static boolean isOfNonce(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private static boolean isPlain(int character) {
        return character > ' ' && character < 0x7f && character != '"' && character != '\\';
    }

    /** Its one form. */
    public String toJson() {
        return "{\"alg\":\"EdDSA\",\"typ\":\"atlas-admin-answer\",\"clusterId\":\"" + escape(clusterId)
                + "\",\"epoch\":" + epoch
                + ",\"replicaId\":" + replicaId
                + ",\"sequenceNumber\":" + position.sequenceNumber()
                + ",\"membershipDigest\":\"" + position.membership().toHex()
                + "\",\"stateSequenceNumber\":" + position.stateSequenceNumber()
                + ",\"stateDigest\":\"" + position.state().toHex()
                + "\",\"target\":\"" + target
                + "\",\"nonce\":\"" + nonce + "\"}";
    }

    /**
     * The header with this text.
     *
     * @throws MalformedMessageException if it is not the one form of a header
     */
    public static AnswerHeader parse(String json) throws MalformedMessageException {
        try {
            Reader reader = new Reader(json);
            String clusterId = reader.after("{\"alg\":\"EdDSA\",\"typ\":\"atlas-admin-answer\",\"clusterId\":\"")
                    .text();
            long epoch = reader.after("\",\"epoch\":").number();
            long replicaId = reader.after(",\"replicaId\":").number();
            long sequenceNumber = reader.after(",\"sequenceNumber\":").number();
            Digest membership = reader.after(",\"membershipDigest\":\"").digest();
            long stateSequenceNumber =
                    reader.after("\",\"stateSequenceNumber\":").number();
            Digest state = reader.after(",\"stateDigest\":\"").digest();
            String target = reader.after("\",\"target\":\"").text();
            String nonce = reader.after("\",\"nonce\":\"").text();
            AnswerHeader header = new AnswerHeader(
                    clusterId,
                    epoch,
                    Math.toIntExact(replicaId),
                    new AnswerPosition(sequenceNumber, membership, stateSequenceNumber, state),
                    target,
                    nonce);
            if (!header.toJson().equals(json)) {
                throw new MalformedMessageException("the header of an answer that is not in its one form");
            }
            return header;
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            throw new MalformedMessageException("not the header of an answer: " + e.getMessage(), e);
        }
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ') {
                escaped.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** Reads the pieces between the fixed ones; what is not there fails, and what is written otherwise is found by writing it again. */
    private static final class Reader {
        private final String json;
        private int at;

        Reader(String json) {
            this.json = json;
        }

        Reader after(String fixed) {
            if (!json.startsWith(fixed, at)) {
                throw new IllegalArgumentException("expected " + fixed + " at " + at);
            }
            at += fixed.length();
            return this;
        }

        long number() {
            int start = at;
            while (json.charAt(at) >= '0' && json.charAt(at) <= '9') {
                at++;
            }
            return Long.parseLong(json.substring(start, at));
        }

        Digest digest() {
            int start = at;
            at += 2 * Digest.SIZE_BYTES;
            return Digest.of(HexFormat.of().parseHex(json.substring(start, at)));
        }

        String text() {
            StringBuilder text = new StringBuilder();
            while (json.charAt(at) != '"') {
                char c = json.charAt(at++);
                if (c == '\\') {
                    c = json.charAt(at++);
                    if (c == 'u') {
                        c = (char) HexFormat.fromHexDigits(json, at, at + 4);
                        at += 4;
                    }
                }
                text.append(c);
            }
            return text.toString();
        }
    }
}
