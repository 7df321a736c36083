package io.atlassmr.network;

import io.atlassmr.transport.statistics.TransportStatistics;

/**
 * A snapshot of what a replica's network has done.
 *
 * @param transport frames, bytes, drops and refusals since the start
 * @param connectedPeers peers with a connection now
 * @param connectedClients clients with at least one connection now
 */
public record NetworkStatistics(TransportStatistics transport, int connectedPeers, int connectedClients) {}
