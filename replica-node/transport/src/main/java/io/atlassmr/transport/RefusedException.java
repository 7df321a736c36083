package io.atlassmr.transport;

import java.security.cert.CertificateException;

/** Carries a refusal through the TLS engine. */
final class RefusedException extends CertificateException {

    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    RefusedException(Refusal refusal, String message) {
        super(message);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
