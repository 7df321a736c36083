package io.atlassmr.transport;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.frame.Drop;
import java.net.SocketAddress;

/** One mutually authenticated connection. Thread-safe; no method blocks. */
public interface Connection {

    /** The identity that the other end proved. */
    IdentityKey peer();

    /** Where the other end is. */
    SocketAddress remoteAddress();

    /**
     * Queues a frame. Frames of one class arrive in the order they were queued in; lower classes overtake higher ones.
     *
     * @param frameClass a class this connection has limits for
     * @param payload not copied, not to be changed afterwards
     * @return false if the frame was dropped; counted by {@link Drop}
     */
    boolean send(int frameClass, byte[] payload);

    /**
     * Stops or resumes reading from the socket, so that the sender feels the pressure. Frames that are already read are still handed
     * over.
     */
    void setReadsPaused(boolean paused);

    /** Sends what is queued if the other end takes it soon, then closes. Idempotent. */
    void close();
}
