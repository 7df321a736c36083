package io.atlassmr.transport.admission;

import io.atlassmr.crypto.identity.IdentityKey;
import java.util.Optional;

/** Decides whether a proven identity is let in. Called on network threads, possibly twice for a connection; must not block. */
@FunctionalInterface
public interface Admission {

    /** Lets in everyone who proves an identity. */
    Admission ANYONE = key -> Optional.empty();

    /** Why {@code key} is not let in; empty to let it in. */
    Optional<Refusal> refusalOf(IdentityKey key);

    /** Lets in this identity only, as a client does that knows which server it calls. */
    static Admission only(IdentityKey expected) {
        return key -> key.equals(expected) ? Optional.empty() : Optional.of(Refusal.UNEXPECTED_SERVER);
    }
}
