package io.atlassmr.server.config;

/**
 * What the connections to an HTTP port get.
 *
 * @param maxConnections most connections in all, those that have not proven who they are included; 1 to 1,000,000
 * @param maxConnectionsPerCaller most connections of who proves to be the same; 1 to 1,000,000
 * @param timeoutMillis how long a connection may take for its handshake, from there or from its last answer on for the head of a
 *     request, then for its body, and how long an answer may wait for anyone to take more of it; 100 to 600,000
 */
public record ListenerLimits(int maxConnections, int maxConnectionsPerCaller, int timeoutMillis) {}
