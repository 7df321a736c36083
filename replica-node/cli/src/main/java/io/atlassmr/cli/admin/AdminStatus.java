package io.atlassmr.cli.admin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What a replica's admin API says of the replica; the fields that commands use.
 *
 * @param leader id of the replica that leads {@code view}
 * @param stateSequenceNumber the decision that {@code stateDigest} is about
 * @param stateDigest hexadecimal; equal at all honest replicas for the same decision
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AdminStatus(
        String clusterId,
        long epoch,
        int replicaId,
        String lifecycle,
        String phase,
        String transfer,
        boolean ready,
        long view,
        int leader,
        long lastDecided,
        long lastExecuted,
        long stateSequenceNumber,
        String stateDigest,
        long viewChanges,
        long evidence,
        long pendingRequests,
        long pid,
        long uptimeMillis,
        String durability) {}
