package io.atlassmr.server.admin.read;

import java.util.List;

/**
 * What this replica is configured with.
 *
 * @param values the keys of Atlas, ascending
 */
public record ConfigurationAnswer(int replicaId, List<Value> values) {

    /** Stands for a value that is not told. */
    static final String MASKED = "********";

    /**
     * One key.
     *
     * @param value as it counts; {@value #MASKED} if the key is named like a secret
     * @param source where it is from
     */
    public record Value(String key, String value, String source) {}
}
