package io.atlassmr.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a load measured, warm-up left out.
 *
 * @param completed operations that ended well
 * @param throughputPerSecond those per second
 * @param p50Millis median latency; in an open loop counted from when the operation should have started
 * @param p90Millis latency that 90 percent stay within
 * @param p99Millis latency that 99 percent stay within
 * @param maxMillis longest latency
 * @param errors how many operations failed, by the simple name of the exception
 * @param notStarted operations of an open loop that were due and had no room to start: their latency is missing above
 */
public record LoadReport(
        long completed,
        double throughputPerSecond,
        double p50Millis,
        double p90Millis,
        double p99Millis,
        double maxMillis,
        Map<String, Long> errors,
        long notStarted) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public LoadReport {
        errors = java.util.Collections.unmodifiableMap(new TreeMap<>(errors));
    }

    /** The report as one line of JSON, fields named as here. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and strings could not be written as JSON", e);
        }
    }
}
