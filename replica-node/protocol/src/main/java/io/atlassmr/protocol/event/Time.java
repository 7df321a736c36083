package io.atlassmr.protocol.event;

/**
 * The clocks as an event saw them.
 *
 * @param monotonicMillis never decreases within a process; measures time-outs
 * @param wallMillis milliseconds since the Unix epoch as this machine believes; proposes agreed time
 */
public record Time(long monotonicMillis, long wallMillis) {}
