package io.atlassmr.server.admin.limits;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.server.config.ReplicaSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** How much a caller of the admin API gets, as configured; made when the first one asks. Thread-safe. */
@ApplicationScoped
class AdminLimits {

    /** Most bytes of a body; a signed command, the largest, has less than half. */
    static final int MAX_BODY_BYTES = 64 << 10;

    private final CallRate rate;

    @Inject
    AdminLimits(ReplicaSettings settings) {
        this.rate = new CallRate(settings.admin().requestsPerSecond());
    }

    /** Takes one request of this caller; 0 if it may be answered, otherwise after how many seconds the next one may. */
    long take(IdentityKey caller) {
        return rate.take(caller, System.nanoTime());
    }
}
