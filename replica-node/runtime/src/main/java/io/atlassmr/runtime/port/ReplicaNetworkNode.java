package io.atlassmr.runtime.port;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.membership.Roster;
import java.io.IOException;
import java.util.Collection;

/**
 * A replica's connections to its peers and its clients. Implementations authenticate both ends: a frame that reaches the
 * listener was sent by the holder of the identity key it is attributed to. Thread-safe; no method blocks on a slow peer.
 */
public interface ReplicaNetworkNode extends AutoCloseable {

    /**
     * Listens, and connects to the peers until {@link #close}.
     *
     * @throws IOException if a port cannot be bound; the message names it
     */
    void start(NetworkListener listener) throws IOException;

    /**
     * From now on the roster's peers are the peers: connections to others are closed, and those that are missing are made. Of one that changes its
     * key or addresses there are two records, of which either may hold. This replica's own records do not matter.
     */
    void setPeers(Roster roster);

    /**
     * Queues a frame for a peer. The array must not be changed afterwards; the same array may be given for several peers.
     *
     * @return false if it was dropped (not connected, or the class's queue to this peer is full); counted
     */
    boolean sendToReplica(int replicaId, TrafficClass trafficClass, byte[] frame);

    /** Queues a frame for several peers, as {@link #sendToReplica} does for each, at less cost. What is dropped is counted. */
    default void sendToReplicas(Collection<Integer> replicaIds, TrafficClass trafficClass, byte[] frame) {
        for (int replicaId : replicaIds) {
            boolean _ = sendToReplica(replicaId, trafficClass, frame);
        }
    }

    /**
     * Queues a frame for a client on its newest connection.
     *
     * @return false if it was dropped (not connected, or its queue is full); counted
     */
    boolean sendToClient(ClientId clientId, byte[] frame);

    /** Sends what is queued, for at most a second, and closes all connections. Idempotent. */
    @Override
    void close();
}
