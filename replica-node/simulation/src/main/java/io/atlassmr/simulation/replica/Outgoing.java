package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.runtime.port.TrafficClass;

/** Where the frames of a replica leave it. */
public interface Outgoing {

    /** A frame for one member. */
    void send(int to, TrafficClass trafficClass, byte[] frame);

    /** A frame for all other members. */
    void sendToAll(TrafficClass trafficClass, byte[] frame);

    /** A frame for a client. */
    void sendToClient(ClientId clientId, byte[] frame);
}
