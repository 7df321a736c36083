package io.atlassmr.crypto.identity;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Signature;

/**
 * Chooses, once and on first use, who computes Ed25519: the Amazon Corretto Crypto Provider where its native library
 * loads, the JDK elsewhere. Only Ed25519 is asked of it: the provider is not registered, so nothing else in the process changes.
 */
public final class CryptoProviders {

    /** The Corretto provider gathers a message in a buffer that holds no more than this. */
    static final int MAX_MESSAGE_BYTES = 1 << 20;

    private static final String ED25519 = "Ed25519";

    /** Without it each use of a key is preceded by a conversion that costs as much as the signature. */
    private static final String NATIVE_KEY_FACTORY = "com.amazon.corretto.crypto.provider.registerEdKeyFactory";

    private CryptoProviders() {}

    /** One line for the start-up log: which provider is used, and what it means. */
    public static String describe() {
        return Chosen.INSTANCE.description();
    }

    static Signature newSignature() throws NoSuchAlgorithmException {
        Provider provider = Chosen.INSTANCE.provider();
        return provider == null ? Signature.getInstance(ED25519) : Signature.getInstance(ED25519, provider);
    }

    static KeyFactory newKeyFactory() throws NoSuchAlgorithmException {
        Provider provider = Chosen.INSTANCE.provider();
        return provider == null ? KeyFactory.getInstance(ED25519) : KeyFactory.getInstance(ED25519, provider);
    }

    /** {@code provider} is null for the JDK's own. */
    private record Choice(Provider provider, String description) {}

    private static final class Chosen {
        static final Choice INSTANCE = choose();

        private static Choice choose() {
            try {
                return corretto();
            } catch (GeneralSecurityException | RuntimeException | LinkageError e) {
                return new Choice(
                        null,
                        "Ed25519 by the JDK, which is some 20 to 60 times slower than the Amazon Corretto Crypto Provider;"
                                + " its native library did not load: " + e);
            }
        }

        private static Choice corretto() throws GeneralSecurityException {
            if (System.getProperty(NATIVE_KEY_FACTORY) == null) {
                System.setProperty(NATIVE_KEY_FACTORY, "true");
            }
            AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
            provider.assertHealthy();
            Signature.getInstance(ED25519, provider);
            KeyFactory.getInstance(ED25519, provider);
            return new Choice(provider, "Ed25519 by " + provider.getInfo());
        }
    }
}
