package io.atlassmr.client.transport;

import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.Connection;
import io.atlassmr.transport.ConnectionListener;
import io.atlassmr.transport.TlsConnector;
import io.atlassmr.transport.Transport;
import io.atlassmr.transport.configuration.Endpoint;
import io.atlassmr.transport.frame.FrameLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connects to the replicas' client ports over mutual TLS: each replica has to prove the key that the cluster's
 * description gives it, and sees the client's identity. Thread-safe.
 */
public final class TlsClientTransport implements ClientTransport {

    private static final FrameLimits LIMITS = FrameLimits.of(Map.of(FrameLimits.CLIENT_CLASS, MAX_FRAME_BYTES));

    private final ClusterDescription cluster;
    private final Transport transport;
    private final Map<Integer, Replica> replicas = new ConcurrentHashMap<>();
    private volatile Listener listener;
    private boolean closed;

    /**
     * @param transport made for the client's identity; closed with this
     */
    public TlsClientTransport(ClusterDescription cluster, Transport transport) {
        this.cluster = cluster;
        this.transport = transport;
    }

    @Override
    public synchronized void start(Listener whoListens) {
        listener = whoListens;
        connect(cluster);
    }

    @Override
    public synchronized void follow(ClusterDescription later) {
        if (!closed) {
            connect(later);
        }
    }

    private void connect(ClusterDescription to) {
        Map<Integer, Endpoint> wanted = new HashMap<>();
        for (ClusterDescription.Member member : to.members()) {
            wanted.put(
                    member.id(), new Endpoint(member.host(), member.clientPort(), IdentityKey.of(member.publicKey())));
        }
        for (Replica replica : List.copyOf(replicas.values())) {
            if (!replica.endpoint.equals(wanted.get(replica.id))) {
                replicas.remove(replica.id);
                replica.retire();
            }
        }
        wanted.forEach((id, endpoint) -> replicas.computeIfAbsent(id, _ -> new Replica(id, endpoint)));
    }

    @Override
    public boolean send(int replicaId, byte[] frame) {
        Replica replica = replicas.get(replicaId);
        return replica != null && replica.connector.send(FrameLimits.CLIENT_CLASS, frame);
    }

    @Override
    public synchronized void close() {
        closed = true;
        replicas.values().forEach(replica -> replica.connector.close());
        transport.close();
    }

    /** Tells the client what happens on one replica's connections. */
    private final class Replica implements ConnectionListener {
        private final int id;
        private final Endpoint endpoint;
        private final TlsConnector connector;
        private boolean up;
        private boolean retired;

        Replica(int id, Endpoint endpoint) {
            this.id = id;
            this.endpoint = endpoint;
            this.connector = transport.connect(endpoint, LIMITS, this);
        }

        /** Says no more: another connection may speak for the same replica. */
        void retire() {
            boolean wasUp;
            synchronized (this) {
                retired = true;
                wasUp = up;
            }
            if (wasUp) {
                listener.onDown(id);
            }
            connector.close();
        }

        @Override
        public synchronized void onOpen(Connection connection) {
            if (!retired) {
                up = true;
                listener.onUp(id);
            }
        }

        @Override
        public void onFrame(Connection connection, int frameClass, byte[] payload) {
            listener.onFrame(id, payload);
        }

        @Override
        public synchronized void onClosed(Connection connection) {
            if (!retired) {
                up = false;
                listener.onDown(id);
            }
        }
    }
}
