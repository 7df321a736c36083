package io.atlassmr.runtime.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** Connects the replicas of one process by method calls. */
final class LocalNetwork {

    /** A frame to a client, and the replica it came from. */
    record Answer(int replica, ClientId client, byte[] frame) {}

    private final Map<Integer, NetworkListener> replicas = new ConcurrentHashMap<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

    /** The node of one replica. */
    ReplicaNetworkNode node(int id) {
        return new Node(id);
    }

    /** What the replicas sent to clients. */
    BlockingQueue<Answer> answers() {
        return answers;
    }

    /** A client's frame arrives at a replica. */
    void fromClient(int replica, ClientId client, byte[] frame) {
        NetworkListener listener = replicas.get(replica);
        if (listener != null) {
            listener.onClientFrame(client, frame);
        }
    }

    private final class Node implements ReplicaNetworkNode {
        private final int id;

        Node(int id) {
            this.id = id;
        }

        @Override
        public void start(NetworkListener listener) {
            replicas.forEach((peer, other) -> {
                listener.onReplicaUp(peer);
                other.onReplicaUp(id);
            });
            replicas.put(id, listener);
        }

        @Override
        public void setPeers(Roster roster) {}

        @Override
        public boolean sendToReplica(int replicaId, TrafficClass trafficClass, byte[] frame) {
            NetworkListener peer = replicas.get(replicaId);
            if (peer == null || !replicas.containsKey(id)) {
                return false;
            }
            peer.onReplicaFrame(id, trafficClass, frame);
            return true;
        }

        @Override
        public boolean sendToClient(ClientId clientId, byte[] frame) {
            return answers.add(new Answer(id, clientId, frame));
        }

        @Override
        public void close() {
            if (replicas.remove(id) != null) {
                replicas.values().forEach(peer -> peer.onReplicaDown(id));
            }
        }
    }
}
