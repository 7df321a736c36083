package io.atlassmr.testing;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import java.io.IOException;

/** A replica's network with what goes wrong on it: partitions in both directions, and lies on the way out. */
final class FaultyNetwork implements ReplicaNetworkNode {

    private final ReplicaNetworkNode network;
    private final int self;
    private final Faults faults;
    private final Equivocation equivocation;
    private final FalseReplies falseReplies;

    FaultyNetwork(
            ReplicaNetworkNode network, int self, Faults faults, Equivocation equivocation, FalseReplies falseReplies) {
        this.network = network;
        this.self = self;
        this.faults = faults;
        this.equivocation = equivocation;
        this.falseReplies = falseReplies;
    }

    @Override
    public void start(NetworkListener listener) throws IOException {
        network.start(new Filter(listener));
    }

    @Override
    public void setPeers(Roster roster) {
        network.setPeers(roster);
    }

    @Override
    public boolean sendToReplica(int replicaId, TrafficClass trafficClass, byte[] frame) {
        if (faults.lies(self, Misbehaviour.MUTE) || faults.isApart(self, replicaId)) {
            return false;
        }
        if (!faults.lies(self, Misbehaviour.EQUIVOCATE)) {
            return network.sendToReplica(replicaId, trafficClass, frame);
        }
        boolean isSent = true;
        for (byte[] told : equivocation.told(replicaId, frame)) {
            isSent &= network.sendToReplica(replicaId, trafficClass, told);
        }
        return isSent;
    }

    @Override
    public boolean sendToClient(ClientId clientId, byte[] frame) {
        if (faults.lies(self, Misbehaviour.MUTE) || faults.isApartFromClients(self)) {
            return false;
        }
        byte[] told = faults.lies(self, Misbehaviour.FALSE_REPLIES) ? falseReplies.told(clientId, frame) : frame;
        return network.sendToClient(clientId, told);
    }

    @Override
    public void close() {
        network.close();
    }

    /** What was sent before a partition began, and comes during it, is lost, too. */
    private final class Filter implements NetworkListener {

        private final NetworkListener listener;

        Filter(NetworkListener listener) {
            this.listener = listener;
        }

        @Override
        public void onReplicaFrame(int replicaId, TrafficClass trafficClass, byte[] frame) {
            if (!faults.isApart(self, replicaId)) {
                listener.onReplicaFrame(replicaId, trafficClass, frame);
            }
        }

        @Override
        public void onClientFrame(ClientId clientId, byte[] frame) {
            if (!faults.isApartFromClients(self)) {
                listener.onClientFrame(clientId, frame);
            }
        }

        @Override
        public void onReplicaUp(int replicaId) {
            listener.onReplicaUp(replicaId);
        }

        @Override
        public void onReplicaDown(int replicaId) {
            listener.onReplicaDown(replicaId);
        }
    }
}
