package io.atlassmr.simulation.liar;

import io.atlassmr.api.ClientId;
import java.util.function.Consumer;

/** One way to lie. */
public interface Lie {

    /** Passes on what the replica would say to a member, or something else, or nothing, or more. */
    default void tell(Letter letter, Consumer<Letter> next) {
        next.accept(letter);
    }

    /** The frame that a client gets in place of this one. */
    default byte[] tellClient(ClientId clientId, byte[] frame) {
        return frame;
    }

    /** Something has come for the replica. */
    default void overhear(Letter letter, int from) {}

    /** Whether requests of this client never reach the replica. */
    default boolean ignores(ClientId clientId) {
        return false;
    }

    /** An occasion to say something unasked. */
    default void act() {}
}
