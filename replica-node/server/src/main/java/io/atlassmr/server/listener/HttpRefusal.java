package io.atlassmr.server.listener;

/** Why a connection to an HTTP port was closed, or a request turned away. Each is counted; names are part of the metrics. */
public enum HttpRefusal {
    /** The TLS handshake did not end in time. */
    HANDSHAKE_TIMEOUT,
    /** The TLS handshake failed: what arrived is not TLS, the certificate is not to be believed, or who it proves is not let in. */
    HANDSHAKE_FAILED,
    /** The bound of all connections is reached. */
    TOO_MANY_CONNECTIONS,
    /** The bound of one caller's connections is reached. */
    TOO_MANY_OF_CALLER,
    /** Nothing of a request came in time. */
    IDLE,
    /** The head of a request began and did not end in time. */
    HEAD_TIMEOUT,
    /** The body of a request did not end in time. */
    BODY_TIMEOUT,
    /** More requests were sent ahead of their answers than are kept. */
    TOO_MANY_AHEAD,
    /** Nothing of an answer was taken in time. */
    ANSWER_NOT_TAKEN,
    /** A request was answered that it is too large. */
    TOO_LARGE,
    /** A request was answered that its caller asks too often, or that too much is under way. */
    OVERLOADED
}
