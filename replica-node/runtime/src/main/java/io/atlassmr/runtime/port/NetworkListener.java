package io.atlassmr.runtime.port;

import io.atlassmr.api.ClientId;

/** Where a {@link ReplicaNetworkNode} hands over what arrives. Called on network threads; must return quickly, never block or throw. */
public interface NetworkListener {

    /** A frame of a peer, of at most its class's limit, unchecked beyond who sent it. */
    void onReplicaFrame(int replicaId, TrafficClass trafficClass, byte[] frame);

    /** A frame of a client, unchecked beyond who sent it. */
    void onClientFrame(ClientId clientId, byte[] frame);

    /** A connection to the peer stands in at least one direction. */
    void onReplicaUp(int replicaId);

    /** No connection to the peer stands any more. */
    void onReplicaDown(int replicaId);
}
