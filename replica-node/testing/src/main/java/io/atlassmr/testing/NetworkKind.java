package io.atlassmr.testing;

/** What carries the frames of a cluster in a test. */
public enum NetworkKind {
    /** TLS over sockets of the loopback interface, as in production. */
    SOCKETS,
    /** Calls within the process: faster, without ports and handshakes. */
    IN_MEMORY
}
