package io.atlassmr.runtime.execution;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.session.SessionImage;

/**
 * The replicated state after a decision, captured while execution goes on.
 *
 * @param agreedTimeMillis agreed time after that decision
 * @param historyDigest digest over everything executed so far and its answers
 * @param reconfiguration what the members agree on about themselves
 */
public record StateCapture(
        long sequenceNumber,
        long agreedTimeMillis,
        Digest historyDigest,
        ReconfigurationState reconfiguration,
        SessionImage sessions,
        ApplicationImage application)
        implements AutoCloseable {

    /** The application's part of it. */
    public sealed interface ApplicationImage {}

    /** Moves as one stream. */
    public record Monolithic(MonolithicState.Image image) implements ApplicationImage {}

    /** Moves in parts. */
    public record Divisible(DivisibleState.Image image) implements ApplicationImage {}

    @Override
    public void close() {
        switch (application) {
            case Monolithic(var image) -> image.close();
            case Divisible(var image) -> image.close();
        }
    }
}
