package io.atlassmr.crypto.identity;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Raw Ed25519 keys to and from the structures of RFC 8410, whose headers are constant. */
final class Ed25519Encoding {

    static final int SEED_SIZE_BYTES = 32;

    private static final byte[] PRIVATE_HEADER = HexFormat.of().parseHex("302e020100300506032b657004220420");
    private static final byte[] PUBLIC_HEADER = HexFormat.of().parseHex("302a300506032b6570032100");

    private Ed25519Encoding() {}

    static byte[] pkcs8(byte[] seed) {
        return concat(PRIVATE_HEADER, seed);
    }

    static PrivateKey privateKey(byte[] seed) throws GeneralSecurityException {
        return CryptoProviders.newKeyFactory().generatePrivate(new PKCS8EncodedKeySpec(pkcs8(seed)));
    }

    static PublicKey publicKey(byte[] raw) throws GeneralSecurityException {
        return CryptoProviders.newKeyFactory().generatePublic(new X509EncodedKeySpec(concat(PUBLIC_HEADER, raw)));
    }

    private static byte[] concat(byte[] head, byte[] tail) {
        byte[] all = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }
}
