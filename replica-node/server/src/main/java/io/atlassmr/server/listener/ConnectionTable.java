package io.atlassmr.server.listener;

import io.atlassmr.crypto.identity.IdentityKey;
import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The connections to one port, bounded in all and for each caller. A newcomer is a connection that has not proven itself yet: by its
 * handshake, or where there is none by the head of a request. When all places are taken the newcomer of longest standing makes room,
 * so that those who prove nothing keep nobody out for long; those who have proven themselves stay. Thread-safe.
 */
final class ConnectionTable {

    private final int maxConnections;
    private final int maxPerCaller;
    private final Set<Channel> newcomers = new LinkedHashSet<>();
    private final Map<Channel, Optional<IdentityKey>> proven = new HashMap<>();
    private final Map<IdentityKey, Integer> perCaller = new HashMap<>();

    ConnectionTable(int maxConnections, int maxPerCaller) {
        this.maxConnections = maxConnections;
        this.maxPerCaller = maxPerCaller;
    }

    /** Takes a connection in; the one that there is no place for, another or this one, if all are taken. */
    synchronized Optional<Channel> enter(Channel channel) {
        if (newcomers.size() + proven.size() < maxConnections) {
            newcomers.add(channel);
            return Optional.empty();
        }
        Iterator<Channel> oldest = newcomers.iterator();
        if (!oldest.hasNext()) {
            return Optional.of(channel);
        }
        Channel leaving = oldest.next();
        oldest.remove();
        newcomers.add(channel);
        return Optional.of(leaving);
    }

    /**
     * A connection has proven itself.
     *
     * @param caller whom it proves; empty where nobody is asked
     * @return false if this caller has as many as he may have: then it is out
     */
    synchronized boolean prove(Channel channel, Optional<IdentityKey> caller) {
        if (!newcomers.remove(channel)) {
            return true;
        }
        if (caller.isPresent()) {
            int others = perCaller.getOrDefault(caller.get(), 0);
            if (others >= maxPerCaller) {
                return false;
            }
            perCaller.put(caller.get(), others + 1);
        }
        proven.put(channel, caller);
        return true;
    }

    /** A connection is closed. */
    synchronized void leave(Channel channel) {
        newcomers.remove(channel);
        Optional<IdentityKey> caller = proven.remove(channel);
        if (caller != null && caller.isPresent()) {
            perCaller.computeIfPresent(caller.get(), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    synchronized int size() {
        return newcomers.size() + proven.size();
    }
}
