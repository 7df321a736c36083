package io.atlassmr.crypto.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Ed25519IdentityTest {

    private static final byte[] MESSAGE = "a vote".getBytes(StandardCharsets.UTF_8);

    private final Ed25519Verifier verifier = new Ed25519Verifier(2);

    @TempDir
    private Path directory;

    @Test
    void signsLikeTheFirstTestVectorOfRfc8032() {
        byte[] seed = HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        Ed25519Identity identity = Ed25519Identity.ofSeed(seed);

        assertEquals(
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                identity.key().toHex());
        assertEquals(
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                        + "d25bf5f0595bbe24655141438e7a100b",
                HexFormat.of().formatHex(identity.sign(new byte[0])));
    }

    @Test
    void aSignatureIsValidForItsKeyAndMessageOnly() {
        Ed25519Identity identity = Ed25519Identity.generate();
        byte[] signature = identity.sign(MESSAGE);

        assertTrue(verifier.verify(identity.publicKey(), MESSAGE, signature));
        assertFalse(verifier.verify(Ed25519Identity.generate().publicKey(), MESSAGE, signature));
        assertFalse(verifier.verify(identity.publicKey(), new byte[] {1}, signature));
        signature[0] ^= 1;
        assertFalse(verifier.verify(identity.publicKey(), MESSAGE, signature));
    }

    @Test
    void signsAndVerifiesMessagesThatTheFastProviderDoesNotTake() throws Exception {
        Ed25519Identity identity = Ed25519Identity.generate();
        for (int size : List.of(CryptoProviders.MAX_MESSAGE_BYTES, CryptoProviders.MAX_MESSAGE_BYTES + 1)) {
            byte[] message = new byte[size];
            byte[] signature = identity.sign(message);

            assertTrue(verifier.verify(identity.publicKey(), message, signature));
            assertTrue(verifiedByTheJdk(identity.publicKey(), message, signature));
            message[size - 1] = 1;
            assertFalse(verifier.verify(identity.publicKey(), message, signature));
        }
    }

    private static boolean verifiedByTheJdk(byte[] key, byte[] message, byte[] signature) throws Exception {
        byte[] encoded = HexFormat.of()
                .parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(key));
        Signature verification = Signature.getInstance("Ed25519", "SunEC");
        verification.initVerify(
                KeyFactory.getInstance("Ed25519", "SunEC").generatePublic(new X509EncodedKeySpec(encoded)));
        verification.update(message);
        return verification.verify(signature);
    }

    @Test
    void keysAndSignaturesOfAnyShapeAreRefusedWithoutAnException() {
        byte[] key = Ed25519Identity.generate().publicKey();
        byte[] ones = new byte[64];
        java.util.Arrays.fill(ones, (byte) 0xff);

        for (byte[] hostile : List.of(new byte[0], new byte[31], new byte[32], new byte[64], ones)) {
            assertFalse(verifier.verify(key, MESSAGE, hostile));
            assertFalse(verifier.verify(hostile, MESSAGE, ones));
        }
        assertFalse(verifier.verify(null, MESSAGE, ones));
        assertFalse(verifier.verify(key, null, ones));
        assertFalse(verifier.verify(key, MESSAGE, null));
    }

    @Test
    void verifiesMoreKeysThanItKeeps() {
        for (int i = 0; i < 10; i++) {
            Ed25519Identity identity = Ed25519Identity.generate();
            assertTrue(verifier.verify(identity.publicKey(), MESSAGE, identity.sign(MESSAGE)));
        }
    }

    @Test
    void aStoredIdentityIsPrivateAndLoadsAsTheSame() throws IOException {
        Ed25519Identity identity = Ed25519Identity.generate();
        Path file = directory.resolve("identity.pem");

        identity.store(file);

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertArrayEquals(identity.sign(MESSAGE), Ed25519Identity.load(file).sign(MESSAGE));
        try (var files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void anIdentityIsNeverOverwritten() throws IOException {
        Ed25519Identity identity = Ed25519Identity.generate();
        Path file = directory.resolve("identity.pem");
        identity.store(file);

        IOException refused =
                assertThrows(IOException.class, () -> Ed25519Identity.generate().store(file));

        assertTrue(refused.getMessage().contains("not overwritten"), refused.getMessage());
        assertEquals(identity.key(), Ed25519Identity.load(file).key());
    }

    @Test
    void aFileThatOthersMayReadIsRefusedWithTheRemedy() throws IOException {
        Path file = directory.resolve("identity.pem");
        Ed25519Identity.generate().store(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        IOException refused = assertThrows(IOException.class, () -> Ed25519Identity.load(file));

        assertTrue(refused.getMessage().contains("chmod 600 " + file), refused.getMessage());
    }

    @Test
    void aMissingOrDamagedFileIsNamed() throws IOException {
        Path missing = directory.resolve("missing.pem");
        assertTrue(assertThrows(IOException.class, () -> Ed25519Identity.load(missing))
                .getMessage()
                .contains("missing.pem"));
        for (String content : List.of(
                "",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
                "-----END PRIVATE KEY----------BEGIN PRIVATE KEY-----")) {
            Path damaged = Files.createTempFile(directory, "damaged", ".pem");
            Files.writeString(damaged, content);
            assertTrue(assertThrows(IOException.class, () -> Ed25519Identity.load(damaged))
                    .getMessage()
                    .contains(damaged.toString()));
        }
    }

    @Test
    void theProviderIsDescribedInOneLine() {
        assertTrue(CryptoProviders.describe().startsWith("Ed25519 by "));
        assertEquals(1, CryptoProviders.describe().lines().count());
    }
}
