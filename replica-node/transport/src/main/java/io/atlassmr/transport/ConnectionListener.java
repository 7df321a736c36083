package io.atlassmr.transport;

/**
 * Told of connections and their frames. Calls for one connection come one after another, on network threads: open, frames,
 * closed. Implementations return quickly and neither block nor throw; what they throw closes the connection.
 */
public interface ConnectionListener {

    /** Both ends have accepted each other. */
    void onOpen(Connection connection);

    /** A frame within its class's limit, unchecked beyond who sent it. */
    void onFrame(Connection connection, int frameClass, byte[] payload);

    /** The connection is no more. Comes once for each {@link #onOpen}. */
    void onClosed(Connection connection);
}
