package io.atlassmr.transport.frame;

/** Why a frame was not queued. */
public enum Drop {
    /** The class's queue to this peer holds as many frames or bytes as it may. */
    QUEUE_FULL,
    /** There is no connection, or it has been closed. */
    NOT_CONNECTED,
    /** The frame is larger than its class allows, or of a class without limits: a mistake of the sender. */
    NOT_SENDABLE
}
