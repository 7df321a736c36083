package io.atlassmr.server.replica;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The last commands that this replica refused before they were decided, with the reasons. Thread-safe. */
@Singleton
final class Refusals {

    private static final int CAPACITY = 64;

    private final Map<Digest, Refusal> byCommand = new LinkedHashMap<>();

    synchronized void add(Digest command, Refusal refusal) {
        byCommand.put(command, refusal);
        if (byCommand.size() > CAPACITY) {
            byCommand.remove(byCommand.keySet().iterator().next());
        }
    }

    synchronized Optional<Refusal> of(Digest command) {
        return Optional.ofNullable(byCommand.get(command));
    }
}
