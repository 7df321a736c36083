package io.atlassmr.examples.locks;

import io.atlassmr.api.Application;
import io.atlassmr.kv.KvState;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the lock service what this replica runs. */
final class LocksApplication {

    @Produces
    @Singleton
    Application locks(KvState entries) {
        return Locks.over(entries);
    }
}
