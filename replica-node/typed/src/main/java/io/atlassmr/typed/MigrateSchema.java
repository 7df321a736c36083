package io.atlassmr.typed;

/**
 * Asks for the state to be moved to its next schema version, at this request's place in the order. Without effect if it is there or
 * further. A replica whose program does not know the version stops, and goes on once it has one that does. Answered by
 * {@link SchemaVersion}.
 *
 * @param version to move to, at most one more than the state has
 */
public record MigrateSchema(int version) {}
