package io.atlassmr.crypto.identity;

import java.security.cert.CertificateException;

/** Why a certificate does not prove an identity. */
public final class IdentityCertificateException extends CertificateException {

    /** Kinds of failure, told apart so that they can be counted. */
    public enum Reason {
        /** Its time is over. */
        EXPIRED,
        /** Its time has not come; most often a clock is wrong. */
        NOT_YET_VALID,
        /** It is not of the form that {@link IdentityCertificate} gives, or is one of a chain. */
        MALFORMED,
        /** Its signature is not of the identity it names. */
        WRONG_SIGNATURE,
        /** Its key is not on the curve P-256, or it is not signed with Ed25519. */
        WRONG_KEY_TYPE
    }

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    IdentityCertificateException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    IdentityCertificateException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** The kind of failure. */
    public Reason reason() {
        return reason;
    }
}
