package io.atlassmr.cli.bench;

/**
 * What all replicas together kept on disk at some moment of a benchmark.
 *
 * @param seconds since measuring began
 * @param completed operations measured by then
 * @param logBytes bytes of the logs
 * @param checkpointBytes bytes of the checkpoints
 */
public record DiskSample(long seconds, long completed, long logBytes, long checkpointBytes) {}
