package io.atlassmr.network;

import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.transport.Connection;
import io.atlassmr.transport.TlsConnector;
import io.atlassmr.transport.TlsServer;
import io.atlassmr.transport.Transport;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.configuration.Endpoint;
import io.atlassmr.transport.configuration.ServerConfiguration;
import io.atlassmr.transport.frame.FrameLimits;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * A replica's network over TLS: of two replicas the one with the higher id connects to the other, and each listens for peers
 * and for clients at the ports its member record names. Peers have to prove a member's key, clients any key.
 */
public final class NettyReplicaNetworkNode implements ReplicaNetworkNode {

    private static final Logger LOG = Logger.getLogger(NettyReplicaNetworkNode.class);

    /** Room for a peer's new connection while its old one is still being noticed as lost. */
    private static final int CONNECTIONS_PER_PEER = 2;

    /** Two memberships of the largest size, and those who want to join. */
    private static final int MAX_PEERS = 2 * Membership.MAX_MEMBERS + 16;

    private static final FrameLimits PEER_LIMITS = peerLimits();

    private final NetworkConfiguration configuration;
    private final Transport transport;
    /** To those of the peers that this replica connects to, by where they are. Guarded by this. */
    private final Map<Endpoint, TlsConnector> connectors = new HashMap<>();

    private volatile Peers peers;
    private volatile Clients clients;
    private volatile TlsServer peerServer;
    private volatile TlsServer clientServer;
    private boolean closed;

    /** @param identity holds the private key of this replica's member record */
    public NettyReplicaNetworkNode(NetworkConfiguration configuration, Signer identity) {
        this(configuration, () -> identity, InstantSource.system());
    }

    /** @param identity the key that this replica has at the moment; connections made once it has another show that one */
    public NettyReplicaNetworkNode(NetworkConfiguration configuration, Supplier<? extends Signer> identity) {
        this(configuration, identity, InstantSource.system());
    }

    NettyReplicaNetworkNode(
            NetworkConfiguration configuration, Supplier<? extends Signer> identity, InstantSource clock) {
        this.configuration = configuration;
        this.transport =
                Transport.create("replica-" + configuration.self().id(), configuration.transport(), identity, clock);
    }

    @Override
    public synchronized void start(NetworkListener listener) throws IOException {
        if (peers != null) {
            throw new IllegalStateException("the network node was started before");
        }
        Member self = configuration.self();
        clients = new Clients(listener);
        peers = new Peers(configuration.membership().members(), self.id(), listener);
        int peerConnections = MAX_PEERS * CONNECTIONS_PER_PEER;
        int unauthenticated = configuration.maxUnauthenticated();
        try {
            peerServer = transport.listen(
                    new ServerConfiguration(
                            configuration.bindHost(),
                            self.peerPort(),
                            PEER_LIMITS,
                            peerConnections + unauthenticated,
                            unauthenticated,
                            CONNECTIONS_PER_PEER),
                    peers,
                    peers);
            clientServer = transport.listen(
                    new ServerConfiguration(
                            configuration.bindHost(),
                            self.clientPort(),
                            FrameLimits.CLIENT,
                            configuration.maxClientConnections(),
                            unauthenticated,
                            configuration.maxConnectionsPerClient()),
                    Admission.ANYONE,
                    clients);
        } catch (IOException e) {
            close();
            throw e;
        }
        connect(configuration.membership().members());
        LOG.infof(
                "replica %d listens on %s, port %d for peers and %d for clients, over %s",
                self.id(), configuration.bindHost(), peerServer.port(), clientServer.port(), transport.describe());
    }

    @Override
    public synchronized void setPeers(Roster roster) {
        if (peers != null && !closed) {
            Set<Member> members = new LinkedHashSet<>(roster.peers());
            if (roster.provenEpoch() < configuration.membership().epoch()) {
                members.addAll(configuration.membership().members());
            }
            peers.set(members);
            connect(members);
        }
    }

    private void connect(Collection<Member> members) {
        Set<Endpoint> wanted = new HashSet<>();
        for (Member member : members) {
            if (member.id() < configuration.self().id()) {
                wanted.add(new Endpoint(member.host(), member.peerPort(), IdentityKey.of(member.publicKey())));
            }
        }
        connectors.entrySet().removeIf(connector -> {
            boolean unwanted = !wanted.contains(connector.getKey());
            if (unwanted) {
                connector.getValue().close();
            }
            return unwanted;
        });
        for (Endpoint endpoint : wanted) {
            connectors.computeIfAbsent(endpoint, missing -> transport.connect(missing, PEER_LIMITS, peers));
        }
    }

    @Override
    public boolean sendToReplica(int replicaId, TrafficClass trafficClass, byte[] frame) {
        Peers known = peers;
        return send(known == null ? null : known.connection(replicaId), trafficClass.code(), frame);
    }

    @Override
    public boolean sendToClient(ClientId clientId, byte[] frame) {
        Clients known = clients;
        return send(known == null ? null : known.newest(clientId), FrameLimits.CLIENT_CLASS, frame);
    }

    private boolean send(Connection connection, int frameClass, byte[] frame) {
        if (connection == null) {
            transport.countUnconnected(frameClass);
            return false;
        }
        return connection.send(frameClass, frame);
    }

    /**
     * Stops or resumes reading from all clients, now and to come, so that they slow down while the replica has more than it
     * can take. Frames that are already read are still handed over. Peers are not affected.
     */
    public void setClientReadsPaused(boolean paused) {
        TlsServer server = clientServer;
        if (server != null) {
            server.setReadsPaused(paused);
        }
    }

    /** What has happened so far. */
    public NetworkStatistics statistics() {
        return new NetworkStatistics(
                transport.statistics(), peers == null ? 0 : peers.count(), clients == null ? 0 : clients.count());
    }

    @Override
    public synchronized void close() {
        if (peerServer != null) {
            peerServer.close();
        }
        if (clientServer != null) {
            clientServer.close();
        }
        closed = true;
        connectors.values().forEach(TlsConnector::close);
        transport.close();
    }

    private static FrameLimits peerLimits() {
        Map<Integer, Integer> limits = new HashMap<>();
        for (TrafficClass trafficClass : TrafficClass.values()) {
            limits.put(trafficClass.code(), trafficClass.maxFrameBytes());
        }
        return FrameLimits.of(limits);
    }
}
