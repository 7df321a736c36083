package io.atlassmr.typed;

/** The schema version that the state has. */
public record SchemaVersion(int version) {}
