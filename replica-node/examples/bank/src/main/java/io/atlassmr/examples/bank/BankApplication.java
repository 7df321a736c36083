package io.atlassmr.examples.bank;

import io.atlassmr.api.Application;
import io.atlassmr.kv.KvState;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the bank what this replica runs. */
final class BankApplication {

    @Produces
    @Singleton
    Application bank(KvState entries) {
        return Bank.over(entries);
    }
}
