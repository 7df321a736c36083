package io.atlassmr.network;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.transport.Admission;
import io.atlassmr.transport.Connection;
import io.atlassmr.transport.ConnectionListener;
import io.atlassmr.transport.Refusal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The peers' connections. A newer connection takes an older one's place without the peer going down in between. */
final class Peers implements ConnectionListener, Admission {

    private static final TrafficClass[] CLASS_BY_CODE = new TrafficClass[32];

    static {
        for (TrafficClass trafficClass : TrafficClass.values()) {
            CLASS_BY_CODE[trafficClass.code()] = trafficClass;
        }
    }

    private final NetworkListener listener;
    private final Map<IdentityKey, Integer> idByKey = new HashMap<>();
    private final Map<Integer, Connection> byId = new ConcurrentHashMap<>();

    Peers(Membership membership, int ownId, NetworkListener listener) {
        this.listener = listener;
        for (Member member : membership.members()) {
            if (member.id() != ownId) {
                idByKey.put(IdentityKey.of(member.publicKey()), member.id());
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
        int id = idByKey.get(connection.peer());
        if (byId.put(id, connection) == null) {
            listener.onReplicaUp(id);
        }
    }

    @Override
    public void onFrame(Connection connection, int frameClass, byte[] payload) {
        listener.onReplicaFrame(idByKey.get(connection.peer()), CLASS_BY_CODE[frameClass], payload);
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        int id = idByKey.get(connection.peer());
        if (byId.remove(id, connection)) {
            listener.onReplicaDown(id);
        }
    }
}
