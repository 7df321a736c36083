package io.atlassmr.network;

import io.atlassmr.api.ClientId;
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.transport.Connection;
import io.atlassmr.transport.ConnectionListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The clients' connections; replies go to a client's newest. */
final class Clients implements ConnectionListener {

    private final NetworkListener listener;
    private final Map<ClientId, Newest> byId = new ConcurrentHashMap<>();

    Clients(NetworkListener listener) {
        this.listener = listener;
    }

    /** Connections of one client, oldest first. Immutable. */
    private record Newest(List<Connection> connections) {

        Newest with(Connection connection) {
            List<Connection> more = new ArrayList<>(connections);
            more.add(connection);
            return new Newest(more);
        }

        Newest without(Connection connection) {
            List<Connection> fewer = new ArrayList<>(connections);
            fewer.remove(connection);
            return fewer.isEmpty() ? null : new Newest(fewer);
        }
    }

    /** The newest connection of the client, null if it has none. */
    Connection newest(ClientId client) {
        Newest newest = byId.get(client);
        return newest == null ? null : newest.connections().getLast();
    }

    int count() {
        return byId.size();
    }

    @Override
    public void onOpen(Connection connection) {
        byId.merge(id(connection), new Newest(List.of(connection)), (old, one) -> old.with(connection));
    }

    @Override
    public void onFrame(Connection connection, int frameClass, byte[] payload) {
        listener.onClientFrame(id(connection), payload);
    }

    @Override
    public void onClosed(Connection connection) {
        byId.computeIfPresent(id(connection), (client, old) -> old.without(connection));
    }

    private static ClientId id(Connection connection) {
        return ClientId.of(connection.peer().toByteArray());
    }
}
