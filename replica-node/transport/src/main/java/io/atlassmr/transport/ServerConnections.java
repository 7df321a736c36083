package io.atlassmr.transport;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.admission.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The connections of a server that have proven an identity, bounded for each. Thread-safe. */
final class ServerConnections {

    private final int maxPerIdentity;
    private final Map<IdentityKey, Deque<ConnectionHandler>> byIdentity = new HashMap<>();
    private boolean readsPaused;
    private boolean closed;

    ServerConnections(int maxPerIdentity) {
        this.maxPerIdentity = maxPerIdentity;
    }

    synchronized void add(ConnectionHandler connection) {
        Deque<ConnectionHandler> others = byIdentity.computeIfAbsent(connection.peer(), key -> new ArrayDeque<>());
        if (others.size() >= maxPerIdentity) {
            others.poll()
                    .refuse(
                            Refusal.REPLACED_BY_NEWER,
                            "the identity " + connection.peer() + " has more than " + maxPerIdentity + " connections");
        }
        others.add(connection);
        if (readsPaused) {
            connection.setReadsPaused(true);
        }
        if (closed) {
            connection.close();
        }
    }

    synchronized void remove(ConnectionHandler connection) {
        Deque<ConnectionHandler> others = byIdentity.get(connection.peer());
        if (others != null) {
            others.remove(connection);
            if (others.isEmpty()) {
                byIdentity.remove(connection.peer());
            }
        }
    }

    synchronized int count() {
        return byIdentity.values().stream().mapToInt(Deque::size).sum();
    }

    synchronized void setReadsPaused(boolean paused) {
        readsPaused = paused;
        all().forEach(connection -> connection.setReadsPaused(paused));
    }

    synchronized void closeAll() {
        closed = true;
        all().forEach(ConnectionHandler::close);
    }

    private List<ConnectionHandler> all() {
        return byIdentity.values().stream().flatMap(Deque::stream).toList();
    }
}
