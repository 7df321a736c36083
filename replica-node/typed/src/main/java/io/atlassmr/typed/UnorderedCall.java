package io.atlassmr.typed;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.UnorderedContext;

/** One execution of an unordered operation. */
record UnorderedCall(UnorderedContext unordered, Tables tables) implements ReadContext, ThroughTables {

    @Override
    public long version() {
        return unordered.version();
    }

    @Override
    public ClientId clientId() {
        return unordered.clientId();
    }
}
