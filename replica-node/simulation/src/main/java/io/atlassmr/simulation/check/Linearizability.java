package io.atlassmr.simulation.check;

import io.atlassmr.kv.Bytes;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Decides whether a history of the key-value store is linearizable, key by key, as linearizability is local (Herlihy and
 * Wing, "Linearizability: a correctness condition for concurrent objects", 1990).
 */
public final class Linearizability {

    private Linearizability() {}

    /** Throws a {@link Violation} unless there is an order of the operations that explains all answers. */
    public static void check(History history) {
        for (Map.Entry<Bytes, List<RegisterOperation>> key :
                RegisterOperation.byKey(history).entrySet()) {
            if (!new LinearizationSearch(key.getValue()).succeeds()) {
                throw new Violation("linearizability: no order explains what clients saw of key " + key.getKey() + ":\n"
                        + key.getValue().stream()
                                .sorted(Comparator.comparingLong(RegisterOperation::invokedAt))
                                .map(RegisterOperation::toString)
                                .collect(Collectors.joining("\n")));
            }
        }
    }
}
