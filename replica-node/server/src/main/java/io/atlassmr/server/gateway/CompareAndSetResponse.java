package io.atlassmr.server.gateway;

/**
 * @param swapped whether the value was the expected one and was replaced
 * @param actual the value found instead; null if there was no such key, or the swap was done
 */
public record CompareAndSetResponse(boolean swapped, JsonBytes actual) {}
