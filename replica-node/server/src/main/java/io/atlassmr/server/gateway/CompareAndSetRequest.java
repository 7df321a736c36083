package io.atlassmr.server.gateway;

/**
 * @param expected the value that the key must have; absent or null: there must be no such key
 * @param replacement the value it gets
 */
public record CompareAndSetRequest(JsonBytes expected, JsonBytes replacement) {}
