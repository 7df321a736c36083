package io.atlassmr.runtime.configuration;

import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.replica.ProtocolConfiguration;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.runtime.log.Durability;
import java.nio.file.Path;
import java.util.SortedMap;

/**
 * What a replica is started with. Every value is checked here; a wrong one is refused with its key, what it was, and what it
 * may be.
 *
 * @param nextSequenceNumber the log must hold every decision below it; guards against starting on the wrong disk; at least 1
 * @param dbPath directory of the persistent log, this replica's alone
 * @param durability what records survive before they are answered for
 * @param protocol requests that wait, ordering, view transfer
 * @param sessions exactly-once execution; the same at all replicas
 * @param checkpoints when checkpoints are taken, and where they are kept
 * @param administrators who may change the cluster before any change says otherwise; the same at all replicas
 * @param preProcessing threads that check what arrives
 * @param shutdownGraceMillis longest time for handing over and draining; 0 to 600,000
 */
public record ReplicaConfiguration(
        long nextSequenceNumber,
        Path dbPath,
        Durability durability,
        ProtocolConfiguration protocol,
        SessionLimits sessions,
        CheckpointConfiguration checkpoints,
        SortedMap<PublicKey, Role> administrators,
        PreProcessingConfiguration preProcessing,
        long shutdownGraceMillis) {

    /** Prefix of every key. */
    public static final String PREFIX = "atlas.";

    /**
     * Threads that decode and check frames.
     *
     * @param orderedThreads for peers, and as many again for clients' ordered requests; 1 to 64
     * @param unorderedThreads for clients' reads; 1 to 64
     * @param vouchFromSignatures a proposal with so many unchecked signatures of clients or more is checked by {@code f + 1}
     *     members, and the others take their word; 0 for checking all here; 0 to 16,384
     */
    public record PreProcessingConfiguration(int orderedThreads, int unorderedThreads, int vouchFromSignatures) {}

    /**
     * Checkpoints.
     *
     * @param path directory of the checkpoints, this replica's alone
     * @param policy when they are taken and how many are kept, before any change says otherwise; the same at all replicas
     */
    public record CheckpointConfiguration(Path path, CheckpointPolicy policy) {}

    public ReplicaConfiguration {
        within("next-sequence-number", nextSequenceNumber, 1, Long.MAX_VALUE);
        within("pre-processing.ordered-threads", preProcessing.orderedThreads(), 1, 64);
        within("pre-processing.unordered-threads", preProcessing.unorderedThreads(), 1, 64);
        within("pre-processing.vouch-from-signatures", preProcessing.vouchFromSignatures(), 0, 16_384);
        within("shutdown.grace-millis", shutdownGraceMillis, 0, 600_000);
        checkCheckpoints(checkpoints.policy());
        checkSessions(sessions);
        checkProtocol(protocol);
    }

    private static void checkCheckpoints(CheckpointPolicy policy) {
        within("checkpoint.interval", policy.interval(), CheckpointPolicy.MIN_INTERVAL, CheckpointPolicy.MAX_INTERVAL);
        within("checkpoint.max-age-millis", policy.maxAgeMillis(), 0, CheckpointPolicy.MAX_MAX_AGE_MILLIS);
        within("checkpoint.retain", policy.retain(), CheckpointPolicy.MIN_RETAIN, CheckpointPolicy.MAX_RETAIN);
    }

    private static void checkSessions(SessionLimits sessions) {
        within("sessions.window", sessions.windowNumbers(), 16, 65_536);
        within("sessions.max-sessions", sessions.maxSessions(), 1, 10_000_000);
        within("sessions.max-reply-bytes", sessions.maxReplyBytes(), 1024, 1 << 30);
        within("sessions.lifetime-millis", sessions.lifetimeMillis(), 1000, 86_400_000);
    }

    private static void checkProtocol(ProtocolConfiguration protocol) {
        within("requests.max-pending", protocol.maxPendingRequests(), 1, 10_000_000);
        within("requests.max-pending-bytes", protocol.maxPendingBytes(), 1 << 20, 1L << 36);
        within("requests.max-pending-per-client", protocol.maxPendingPerClient(), 1, protocol.maxPendingRequests());
        within("ordering.window", protocol.window(), 1, 1024);
        within("ordering.max-batch-requests", protocol.maxBatchRequests(), 1, 16_384);
        within("ordering.max-batch-bytes", protocol.maxBatchBytes(), 1024, 4 << 20);
        within("ordering.max-batch-delay-millis", protocol.maxBatchDelayMillis(), 0, 1000);
        within("ordering.max-clock-skew-millis", protocol.maxClockSkewMillis(), 100, 600_000);
        within("view-transfer.progress-timeout-millis", protocol.progressTimeoutMillis(), 10, 600_000);
        within(
                "view-transfer.request-timeout-millis",
                protocol.requestTimeoutMillis(),
                protocol.progressTimeoutMillis(),
                3_600_000);
        within(
                "view-transfer.max-timeout-millis",
                protocol.maxViewTimeoutMillis(),
                protocol.progressTimeoutMillis(),
                3_600_000);
        within("view-transfer.status-interval-millis", protocol.statusIntervalMillis(), 10, 60_000);
    }

    static void within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ConfigurationException(
                    PREFIX + key,
                    String.valueOf(value),
                    most == Long.MAX_VALUE ? "at least " + least : least + " to " + most);
        }
    }
}
