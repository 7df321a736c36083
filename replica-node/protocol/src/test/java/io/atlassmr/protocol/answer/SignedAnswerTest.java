package io.atlassmr.protocol.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.protocol.message.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedAnswerTest {

    private static final Ed25519Identity REPLICA = Ed25519Identity.ofSeed(new byte[32]);
    private static final Ed25519Verifier SIGNATURES = new Ed25519Verifier();
    private static final Digest MEMBERS = Sha256.of(new byte[] {1});
    private static final Digest STATE = Sha256.of(new byte[] {2});
    private static final String NONCE = "0123456789abcdef";
    private static final byte[] BODY = "{\"view\":3}".getBytes(StandardCharsets.UTF_8);

    private static AnswerHeader header(String clusterId) {
        return new AnswerHeader(
                clusterId,
                2,
                1,
                new AnswerPosition(70, MEMBERS, 69, STATE),
                "/admin/v1/digests?first=1&count=2",
                NONCE);
    }

    private static SignedAnswer answer() {
        return SignedAnswer.sign(header("tests"), BODY, REPLICA);
    }

    @Test
    void comesBackAsItWas() throws MalformedMessageException {
        SignedAnswer answer = SignedAnswer.parse(answer().toJws());
        assertEquals(answer(), answer);
        assertTrue(answer.isSignedBy(REPLICA.publicKey(), SIGNATURES));
        assertFalse(answer.isSignedBy(Ed25519Identity.generate().publicKey(), SIGNATURES));
    }

    /** By what RFC 7515 and RFC 8037 say alone, with the JDK's Ed25519. */
    @Test
    void isAJwsThatOthersCanCheck() throws Exception {
        String[] parts = answer().toJws().split("\\.", -1);
        assertEquals(3, parts.length);
        Base64.Decoder decoder = Base64.getUrlDecoder();
        assertEquals(
                "{\"alg\":\"EdDSA\",\"typ\":\"atlas-admin-answer\",\"clusterId\":\"tests\",\"epoch\":2,\"replicaId\":1,"
                        + "\"sequenceNumber\":70,\"membershipDigest\":\"" + MEMBERS.toHex()
                        + "\",\"stateSequenceNumber\":69,\"stateDigest\":\"" + STATE.toHex()
                        + "\",\"target\":\"/admin/v1/digests?first=1&count=2\",\"nonce\":\"0123456789abcdef\"}",
                new String(decoder.decode(parts[0]), StandardCharsets.UTF_8));
        assertEquals("{\"view\":3}", new String(decoder.decode(parts[1]), StandardCharsets.UTF_8));
        byte[] key = HexFormat.of()
                .parseHex("302a300506032b6570032100" + REPLICA.key().toHex());
        Signature signature = Signature.getInstance("Ed25519", "SunEC");
        signature.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(key)));
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertTrue(signature.verify(decoder.decode(parts[2])));
    }

    /** Another character anywhere is another answer, which nobody signed, or none. */
    @Property(tries = 3000)
    void noChangedCharacterIsSigned(@ForAll int place, @ForAll char value) {
        StringBuilder jws = new StringBuilder(answer().toJws());
        int at = Math.floorMod(place, jws.length());
        char other = (char) (32 + value % 96);
        jws.setCharAt(at, jws.charAt(at) == other ? '_' : other);
        if (jws.toString().equals(answer().toJws())) {
            return;
        }
        try {
            assertFalse(SignedAnswer.parse(jws.toString()).isSignedBy(REPLICA.publicKey(), SIGNATURES));
        } catch (MalformedMessageException e) {
            assertNotEquals("", e.getMessage());
        }
    }

    @Property(tries = 1000)
    void anyClusterIdComesBack(@ForAll @StringLength(min = 1, max = 64) String clusterId) {
        AnswerHeader header = header(clusterId);
        try {
            assertEquals(header, AnswerHeader.parse(header.toJson()));
        } catch (MalformedMessageException e) {
            throw new AssertionError(clusterId, e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"alg\":\"none\"",
                " SAME",
                "SAME ",
                "alg=none",
                "epoch=02",
                "epoch=-2",
                "epoch=0",
                "extra",
                "unicode",
                "replica=99999999999"
            })
    void aHeaderHasOneForm(String change) {
        String same = header("tests").toJson();
        String changed = switch (change) {
            case "alg=none" -> same.replace("EdDSA", "none");
            case "epoch=02", "epoch=-2", "epoch=0" -> same.replace("\"epoch\":2", "\"epoch\":" + change.substring(6));
            case "extra" -> same.replace("}", ",\"crit\":[]}");
            case "unicode" -> same.replace("tests", "\\u0074ests");
            case "replica=99999999999" -> same.replace("\"replicaId\":1", "\"replicaId\":99999999999");
            default -> change.replace("SAME", same);
        };
        assertThrows(MalformedMessageException.class, () -> AnswerHeader.parse(changed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "fifteen-charact",
                "with a space in it",
                "quotes\"quotes\"quotes",
                "éééééééééééééééé"
            })
    void aNonceIsPlainAndOfSomeLength(String nonce) {
        assertFalse(AnswerHeader.isNonce(nonce));
        assertFalse(AnswerHeader.isNonce("a".repeat(129)));
        assertTrue(AnswerHeader.isNonce("a".repeat(128)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new AnswerHeader("tests", 1, 0, new AnswerPosition(0, MEMBERS, 0, STATE), "/", nonce));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "a.b", "a.b.c", "....", "e30.e30.e30"})
    void whatIsNoJwsIsMalformed(String text) {
        assertThrows(MalformedMessageException.class, () -> SignedAnswer.parse(text));
        assertThrows(MalformedMessageException.class, () -> SignedAnswer.parse(answer().toJws() + ".x"));
        assertThrows(MalformedMessageException.class, () -> SignedAnswer.parse(answer().toJws() + "=="));
        assertThrows(
                MalformedMessageException.class, () -> SignedAnswer.parse("a".repeat(SignedAnswer.MAX_CHARACTERS + 1)));
    }
}
