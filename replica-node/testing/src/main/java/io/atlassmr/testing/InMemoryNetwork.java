package io.atlassmr.testing;

import io.atlassmr.api.ClientId;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.transport.ClientTransport;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Carries frames between replicas and clients by calling them. Thread-safe. */
final class InMemoryNetwork {

    private final Map<Integer, NetworkListener> replicas = new ConcurrentHashMap<>();
    private final Map<ClientId, ClientTransport.Listener> clients = new ConcurrentHashMap<>();

    ReplicaNetworkNode node(int id) {
        return new Node(id);
    }

    ClientTransport client(ClientId id) {
        return new Client(id);
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
            clients.values().forEach(client -> client.onUp(id));
        }

        /** Everybody in this process is connected anyway. */
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
            ClientTransport.Listener client = clients.get(clientId);
            if (client == null || !replicas.containsKey(id)) {
                return false;
            }
            client.onFrame(id, frame);
            return true;
        }

        @Override
        public void close() {
            if (replicas.remove(id) != null) {
                replicas.values().forEach(peer -> peer.onReplicaDown(id));
                clients.values().forEach(client -> client.onDown(id));
            }
        }
    }

    private final class Client implements ClientTransport {

        private final ClientId id;

        Client(ClientId id) {
            this.id = id;
        }

        @Override
        public void start(Listener listener) {
            clients.put(id, listener);
            replicas.keySet().forEach(listener::onUp);
        }

        /** Every client is connected to every replica. */
        @Override
        public void follow(ClusterDescription later) {}

        @Override
        public boolean send(int replicaId, byte[] frame) {
            NetworkListener replica = replicas.get(replicaId);
            if (replica == null) {
                return false;
            }
            replica.onClientFrame(id, frame);
            return true;
        }

        @Override
        public void close() {
            clients.remove(id);
        }
    }
}
