package io.atlassmr.admin.answer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What a replica says of checkpoints.
 *
 * @param policy as the members agree
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CheckpointsAnswer(long stableCheckpoint, Policy policy) {

    /** When checkpoints are taken, and how many are kept. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Policy(int interval, int retain, long maxAgeMillis) {}
}
