package io.atlassmr.api;

/**
 * What became of one key.
 *
 * @param key not to be changed
 * @param value the key's value from now on, null if it has none; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record Change(byte[] key, byte[] value) {}
