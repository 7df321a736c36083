package io.atlassmr.api;

/**
 * What an unordered (read-only) request is answered on.
 *
 * @param version the sequence number of the last batch the state contains, 0 before the first
 * @param clientId the identity that asks
 */
public record UnorderedContext(long version, ClientId clientId) {}
