package io.atlassmr.transport.admission;

/** Why a connection was refused or closed. Each is counted; names are part of the metrics. */
public enum Refusal {
    /** What arrived is not TLS. */
    PLAIN_TEXT,
    /** The TLS handshake, or the server's welcome after it, did not come in time. */
    HANDSHAKE_TIMEOUT,
    /** The TLS handshake failed for a reason that is not listed here. */
    HANDSHAKE_FAILED,
    /** The certificate's time is over. */
    CERTIFICATE_EXPIRED,
    /** The certificate's time has not come. */
    CERTIFICATE_NOT_YET_VALID,
    /** The certificate is missing, one of a chain, or not of our form. */
    CERTIFICATE_MALFORMED,
    /** The certificate is not signed by the identity it names. */
    CERTIFICATE_FORGED,
    /** The certificate's keys are of another type. */
    CERTIFICATE_WRONG_KEY_TYPE,
    /** The identity is proven but not known here. */
    STRANGER,
    /** The server proved another identity than the one expected at its address. */
    UNEXPECTED_SERVER,
    /** The other end refused us; its log says why. */
    REFUSED_BY_PEER,
    /** A frame announced more bytes than its class allows. */
    FRAME_TOO_LARGE,
    /** A frame without even a class byte. */
    FRAME_EMPTY,
    /** A frame of a class that is not spoken here. */
    FRAME_UNKNOWN_CLASS,
    /** A frame began and did not go on. */
    FRAME_STALLED,
    /** A control frame that makes no sense. */
    FRAME_MALFORMED,
    /** Nothing arrived, not even a ping. */
    SILENT,
    /** The bound of all connections is reached. */
    TOO_MANY_CONNECTIONS,
    /** The bound of connections that have not yet proven an identity is reached. */
    TOO_MANY_UNAUTHENTICATED,
    /** The oldest connection of an identity made room for a newer one. */
    REPLACED_BY_NEWER,
    /** An error of the network or of ours. */
    BROKEN
}
