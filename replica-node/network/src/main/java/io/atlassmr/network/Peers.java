package io.atlassmr.network;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.transport.Connection;
import io.atlassmr.transport.ConnectionListener;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.admission.Refusal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The peers' connections. A newer connection takes an older one's place without the peer going down in between. Who is a peer may
 * change; a connection of one that is none any more is closed.
 */
final class Peers implements ConnectionListener, Admission {

    private static final TrafficClass[] CLASS_BY_CODE = new TrafficClass[32];

    static {
        for (TrafficClass trafficClass : TrafficClass.values()) {
            CLASS_BY_CODE[trafficClass.code()] = trafficClass;
        }
    }

    private final int ownId;
    private final NetworkListener listener;
    private final Map<Integer, Connection> byId = new ConcurrentHashMap<>();
    /** Never changed, only replaced. */
    private volatile Map<IdentityKey, Integer> idByKey = Map.of();

    Peers(Collection<Member> peers, int ownId, NetworkListener listener) {
        this.ownId = ownId;
        this.listener = listener;
        set(peers);
    }

    /** From now on these are the peers. Whoever is no peer any more, or has another key, loses its connection. */
    synchronized void set(Collection<Member> peers) {
        Map<IdentityKey, Integer> known = new HashMap<>();
        for (Member member : peers) {
            if (member.id() != ownId) {
                known.put(IdentityKey.of(member.publicKey()), member.id());
            }
        }
        idByKey = known;
        for (Connection connection : List.copyOf(byId.values())) {
            if (!known.containsKey(connection.peer())) {
                connection.close();
            }
        }
    }

    /** The connection to the peer, null if there is none. */
    Connection connection(int replicaId) {
        return byId.get(replicaId);
    }

    int count() {
        return byId.size();
    }

    @Override
    public Optional<Refusal> refusalOf(IdentityKey key) {
        return idByKey.containsKey(key) ? Optional.empty() : Optional.of(Refusal.STRANGER);
    }

    /** Tells the listener under a lock, so that up and down come in the order they happened, and up once frames can be sent. */
    @Override
    public synchronized void onOpen(Connection connection) {
        Integer id = idByKey.get(connection.peer());
        if (id == null) {
            connection.close();
        } else if (byId.put(id, connection) == null) {
            listener.onReplicaUp(id);
        }
    }

    @Override
    public void onFrame(Connection connection, int frameClass, byte[] payload) {
        Integer id = idByKey.get(connection.peer());
        if (id != null) {
            listener.onReplicaFrame(id, CLASS_BY_CODE[frameClass], payload);
        }
    }

    /** The peer may be none any more, and so be known by its connection alone. */
    @Override
    public synchronized void onClosed(Connection connection) {
        for (Map.Entry<Integer, Connection> entry : byId.entrySet()) {
            if (entry.getValue().equals(connection)) {
                byId.remove(entry.getKey());
                listener.onReplicaDown(entry.getKey());
                return;
            }
        }
    }
}
