package io.atlassmr.client.transport;

import io.atlassmr.client.cluster.ClusterDescription;

/**
 * Carries frames between one client and all replicas of its cluster, authenticated both ways. Connects, and connects again
 * after a loss, on its own. Thread-safe.
 */
public interface ClientTransport extends AutoCloseable {

    /** The largest frame either side sends, in bytes: a serialised {@code ClientMessage} or {@code SignedReplies}. */
    int MAX_FRAME_BYTES = (8 << 20) - 1;

    /** Begins to connect; called once, before anything is sent. */
    void start(Listener listener);

    /** The cluster has other members from now on: connects to those, and closes the connections to whoever is none any more. */
    void follow(ClusterDescription later);

    /**
     * Hands a frame over for sending. Never blocks.
     *
     * @param frame at most {@link #MAX_FRAME_BYTES} bytes, not changed by either side afterwards
     * @return false if the frame was dropped, because the replica is not connected or its queue is full
     */
    boolean send(int replicaId, byte[] frame);

    /** Closes all connections; the listener hears nothing more soon after. */
    @Override
    void close();

    /** Told what happens on the connections. Called on network threads: implementations return at once, never throw. */
    interface Listener {

        /**
         * A frame came from the replica.
         *
         * @param frame the listener's to keep
         */
        void onFrame(int replicaId, byte[] frame);

        /** The replica is connected and authenticated: frames can be sent to it. */
        void onUp(int replicaId);

        /** The connection is lost; frames handed over may be, too. */
        void onDown(int replicaId);
    }
}
