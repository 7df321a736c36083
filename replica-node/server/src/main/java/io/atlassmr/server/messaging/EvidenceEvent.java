package io.atlassmr.server.messaging;

/**
 * A proof of misbehaviour that this replica holds, for other systems.
 *
 * @param replicaId who holds it
 * @param number counts this replica's proofs since its start, from 1; a missing one was dropped
 * @param accused the member that signed what no honest one does
 * @param what it signed, for people
 * @param foundAtMillis this replica's clock
 */
public record EvidenceEvent(
        String clusterId, long epoch, int replicaId, long number, int accused, String what, long foundAtMillis) {}
