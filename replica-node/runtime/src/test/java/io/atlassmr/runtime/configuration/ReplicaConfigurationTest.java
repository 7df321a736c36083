package io.atlassmr.runtime.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.replica.ProtocolConfiguration;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.runtime.configuration.ReplicaConfiguration.CheckpointConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration.PreProcessingConfiguration;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.log.Durability;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaConfigurationTest {

    private static final Map<String, Long> DEFAULTS = Map.ofEntries(
            Map.entry("next-sequence-number", 1L),
            Map.entry("ordering.window", 32L),
            Map.entry("ordering.max-batch-requests", 2048L),
            Map.entry("ordering.max-batch-bytes", 1_048_576L),
            Map.entry("ordering.max-batch-delay-millis", 5L),
            Map.entry("ordering.max-clock-skew-millis", 60_000L),
            Map.entry("requests.max-pending", 65_536L),
            Map.entry("requests.max-pending-bytes", 268_435_456L),
            Map.entry("requests.max-pending-per-client", 4096L),
            Map.entry("view-transfer.progress-timeout-millis", 1000L),
            Map.entry("view-transfer.request-timeout-millis", 4000L),
            Map.entry("view-transfer.max-timeout-millis", 16_000L),
            Map.entry("view-transfer.status-interval-millis", 200L),
            Map.entry("sessions.window", 1024L),
            Map.entry("sessions.max-sessions", 10_000L),
            Map.entry("sessions.max-reply-bytes", 1_048_576L),
            Map.entry("sessions.lifetime-millis", 300_000L),
            Map.entry("pre-processing.ordered-threads", 2L),
            Map.entry("pre-processing.unordered-threads", 1L),
            Map.entry("pre-processing.vouch-from-signatures", 8L),
            Map.entry("checkpoint.interval", 1000L),
            Map.entry("checkpoint.retain", 2L),
            Map.entry("checkpoint.max-age-millis", 0L),
            Map.entry("shutdown.grace-millis", 10_000L));

    private static ReplicaConfiguration with(String key, long value) {
        Map<String, Long> values = new HashMap<>(DEFAULTS);
        values.put(key, value);
        return new ReplicaConfiguration(
                values.get("next-sequence-number"),
                Path.of("log"),
                Durability.STRICT,
                new ProtocolConfiguration(
                        TestCluster.membership(),
                        0,
                        values.get("ordering.window").intValue(),
                        values.get("ordering.max-batch-requests").intValue(),
                        values.get("ordering.max-batch-bytes").intValue(),
                        values.get("ordering.max-batch-delay-millis"),
                        values.get("requests.max-pending").intValue(),
                        values.get("requests.max-pending-bytes"),
                        values.get("requests.max-pending-per-client").intValue(),
                        values.get("view-transfer.progress-timeout-millis"),
                        values.get("view-transfer.request-timeout-millis"),
                        values.get("view-transfer.max-timeout-millis"),
                        values.get("view-transfer.status-interval-millis"),
                        values.get("ordering.max-clock-skew-millis")),
                new SessionLimits(
                        values.get("sessions.window").intValue(),
                        values.get("sessions.max-sessions").intValue(),
                        values.get("sessions.max-reply-bytes").intValue(),
                        values.get("sessions.lifetime-millis")),
                new CheckpointConfiguration(
                        Path.of("checkpoints"),
                        new CheckpointPolicy(
                                values.get("checkpoint.interval").intValue(),
                                values.get("checkpoint.retain").intValue(),
                                values.get("checkpoint.max-age-millis"))),
                new TreeMap<>(),
                new PreProcessingConfiguration(
                        values.get("pre-processing.ordered-threads").intValue(),
                        values.get("pre-processing.unordered-threads").intValue(),
                        values.get("pre-processing.vouch-from-signatures").intValue()),
                values.get("shutdown.grace-millis"));
    }

    @Test
    void theDefaultsAreAllowed() {
        ReplicaConfiguration configuration = with("next-sequence-number", 1);
        assertEquals(ProtocolConfiguration.defaults(TestCluster.membership(), 0), configuration.protocol());
        assertEquals(SessionLimits.defaults(), configuration.sessions());
        assertEquals(CheckpointPolicy.defaults(), configuration.checkpoints().policy());
    }

    @ParameterizedTest
    @CsvSource({
        "ordering.window, 1, 1024",
        "ordering.max-batch-requests, 1, 16384",
        "ordering.max-batch-bytes, 1024, 4194304",
        "ordering.max-batch-delay-millis, 0, 1000",
        "ordering.max-clock-skew-millis, 100, 600000",
        "requests.max-pending, 4096, 10000000",
        "requests.max-pending-bytes, 1048576, 68719476736",
        "requests.max-pending-per-client, 1, 65536",
        "view-transfer.progress-timeout-millis, 10, 4000",
        "view-transfer.request-timeout-millis, 1000, 3600000",
        "view-transfer.max-timeout-millis, 1000, 3600000",
        "view-transfer.status-interval-millis, 10, 60000",
        "sessions.window, 16, 65536",
        "sessions.max-sessions, 1, 10000000",
        "sessions.max-reply-bytes, 1024, 1073741824",
        "sessions.lifetime-millis, 1000, 86400000",
        "pre-processing.ordered-threads, 1, 64",
        "pre-processing.unordered-threads, 1, 64",
        "pre-processing.vouch-from-signatures, 0, 16384",
        "checkpoint.interval, 16, 1000000",
        "checkpoint.retain, 1, 16",
        "checkpoint.max-age-millis, 0, 86400000",
        "shutdown.grace-millis, 0, 600000"
    })
    void theFirstAndTheLastValueOfEachKeyAreAllowed(String key, long first, long last) {
        assertEquals(Durability.STRICT, with(key, first).durability());
        assertEquals(Durability.STRICT, with(key, last).durability());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            next-sequence-number                  | 0           | at least 1
            checkpoint.interval                   | 15          | 16 to 1000000
            checkpoint.interval                   | 1000001     | 16 to 1000000
            checkpoint.retain                     | 0           | 1 to 16
            checkpoint.retain                     | 17          | 1 to 16
            checkpoint.max-age-millis             | -1          | 0 to 86400000
            ordering.max-batch-requests           | 0           | 1 to 16384
            ordering.max-batch-requests           | 16385       | 1 to 16384
            ordering.max-batch-bytes              | 1023        | 1024 to 4194304
            ordering.max-batch-bytes              | 4194305     | 1024 to 4194304
            ordering.max-batch-delay-millis       | -1          | 0 to 1000
            ordering.max-batch-delay-millis       | 1001        | 0 to 1000
            ordering.max-clock-skew-millis        | 99          | 100 to 600000
            ordering.max-clock-skew-millis        | 600001      | 100 to 600000
            requests.max-pending                  | 0           | 1 to 10000000
            requests.max-pending                  | 10000001    | 1 to 10000000
            requests.max-pending-bytes            | 1048575     | 1048576 to 68719476736
            requests.max-pending-bytes            | 68719476737 | 1048576 to 68719476736
            requests.max-pending-per-client       | 0           | 1 to 65536
            requests.max-pending-per-client       | 65537       | 1 to 65536
            view-transfer.progress-timeout-millis | 9           | 10 to 600000
            view-transfer.progress-timeout-millis | 600001      | 10 to 600000
            view-transfer.request-timeout-millis  | 999         | 1000 to 3600000
            view-transfer.request-timeout-millis  | 3600001     | 1000 to 3600000
            view-transfer.max-timeout-millis      | 999         | 1000 to 3600000
            view-transfer.max-timeout-millis      | 3600001     | 1000 to 3600000
            view-transfer.status-interval-millis  | 9           | 10 to 60000
            view-transfer.status-interval-millis  | 60001       | 10 to 60000
            sessions.window                       | 15          | 16 to 65536
            sessions.window                       | 65537       | 16 to 65536
            sessions.max-sessions                 | 0           | 1 to 10000000
            sessions.max-sessions                 | 10000001    | 1 to 10000000
            sessions.max-reply-bytes              | 1023        | 1024 to 1073741824
            sessions.max-reply-bytes              | 1073741825  | 1024 to 1073741824
            sessions.lifetime-millis              | 999         | 1000 to 86400000
            sessions.lifetime-millis              | 86400001    | 1000 to 86400000
            pre-processing.ordered-threads        | 0           | 1 to 64
            pre-processing.ordered-threads        | 65          | 1 to 64
            pre-processing.unordered-threads      | 0           | 1 to 64
            pre-processing.unordered-threads      | 65          | 1 to 64
            pre-processing.vouch-from-signatures  | -1          | 0 to 16384
            pre-processing.vouch-from-signatures  | 16385       | 0 to 16384
            shutdown.grace-millis                 | -1          | 0 to 600000
            shutdown.grace-millis                 | 600001      | 0 to 600000
            """)
    void aWrongValueIsNamedWithItsKeyAndWhatItMayBe(String key, long value, String allowed) {
        ConfigurationException wrong = assertThrows(ConfigurationException.class, () -> with(key, value));
        assertEquals("atlas." + key + " is " + value + "; it may be " + allowed, wrong.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0", "1025"})
    void aWrongWindowIsNamedToo(long window) {
        IllegalArgumentException wrong =
                assertThrows(IllegalArgumentException.class, () -> with("ordering.window", window));
        assertEquals("atlas.ordering.window is " + window + "; it may be 1 to 1024", wrong.getMessage());
    }

    @Test
    void anIdIsNotNegative() {
        IllegalArgumentException wrong = assertThrows(
                IllegalArgumentException.class, () -> ProtocolConfiguration.defaults(TestCluster.membership(), -1));
        assertEquals("atlas.replica-id is -1; it may be 0 or more", wrong.getMessage());
    }
}
