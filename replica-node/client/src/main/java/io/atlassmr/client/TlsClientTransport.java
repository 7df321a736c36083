package io.atlassmr.client;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.Connection;
import io.atlassmr.transport.ConnectionListener;
import io.atlassmr.transport.Endpoint;
import io.atlassmr.transport.FrameLimits;
import io.atlassmr.transport.TlsConnector;
import io.atlassmr.transport.Transport;
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
    private final Map<Integer, TlsConnector> connectors = new ConcurrentHashMap<>();

    /**
     * @param transport made for the client's identity; closed with this
     */
    public TlsClientTransport(ClusterDescription cluster, Transport transport) {
        this.cluster = cluster;
        this.transport = transport;
    }

    @Override
    public void start(Listener listener) {
        for (ClusterDescription.Member member : cluster.members()) {
            Endpoint endpoint = new Endpoint(member.host(), member.clientPort(), IdentityKey.of(member.publicKey()));
            connectors.put(member.id(), transport.connect(endpoint, LIMITS, new Replica(member.id(), listener)));
        }
    }

    @Override
    public boolean send(int replicaId, byte[] frame) {
        TlsConnector connector = connectors.get(replicaId);
        return connector != null && connector.send(FrameLimits.CLIENT_CLASS, frame);
    }

    @Override
    public void close() {
        connectors.values().forEach(TlsConnector::close);
        transport.close();
    }

    /** Tells the client what happens on one replica's connections. */
    private record Replica(int id, Listener listener) implements ConnectionListener {

        @Override
        public void onOpen(Connection connection) {
            listener.onUp(id);
        }

        @Override
        public void onFrame(Connection connection, int frameClass, byte[] payload) {
            listener.onFrame(id, payload);
        }

        @Override
        public void onClosed(Connection connection) {
            listener.onDown(id);
        }
    }
}
