package io.atlassmr.transport.tls;

import io.atlassmr.transport.admission.Refusal;
import java.security.cert.CertificateException;

/** Carries a refusal through the TLS engine. */
public final class RefusedException extends CertificateException {

    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    RefusedException(Refusal refusal, String message) {
        super(message);
        this.refusal = refusal;
    }

    /** Why the identity is not let in. */
    public Refusal refusal() {
        return refusal;
    }
}
