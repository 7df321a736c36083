package io.atlassmr.server.replica;

import io.atlassmr.protocol.membership.Epoch;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The epoch that the replica is in, for those who have to do something when another begins. Thread-safe. */
@Singleton
public final class CurrentEpoch {

    private final List<Consumer<Epoch>> followers = new ArrayList<>();
    private Epoch current;

    /** Tells the follower the current epoch, if it is known yet, and each later one. It must not block. */
    public synchronized void follow(Consumer<Epoch> follower) {
        followers.add(follower);
        if (current != null) {
            follower.accept(current);
        }
    }

    /** The replica is in this epoch, or was: the start may tell an older one after a newer one has begun. */
    synchronized void entered(Epoch epoch) {
        if (current == null || epoch.number() > current.number()) {
            current = epoch;
            followers.forEach(follower -> follower.accept(epoch));
        }
    }
}
