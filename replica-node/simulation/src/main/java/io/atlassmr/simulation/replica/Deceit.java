package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;

/** What stands between the replica of a liar and the world. */
public interface Deceit extends Outgoing {

    /** A frame has come for the replica. */
    void overhear(int from, byte[] frame);

    /** Whether requests of this client never reach the replica. */
    boolean ignores(ClientId clientId);

    /** A process of the replica starts, and may be used to lie until it dies. */
    void attach(ReplicaProcess process);
}
