package io.atlassmr.protocol.recovery;

import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Decision;
import java.util.List;
import java.util.function.IntPredicate;

/** Fetches decisions that peers have and this replica lacks. Single-threaded; effects go to the outbox it was made with. */
public interface LogTransferProtocol {

    /**
     * What a peer says it holds; a hint, not a fact.
     *
     * @param firstAvailable the lowest decision in its log
     * @param lastDecided the highest
     */
    void heard(int peer, long firstAvailable, long lastDecided);

    /** The newest decision that an honest peer says it has, 0 if none does. */
    long target();

    /** Up to where so many peers say they have decided that a client has its answers from honest ones among them. */
    long answeredUpTo();

    /** Whether an honest peer has decisions that are missing here and no longer has the next one, and nobody delivers it. */
    boolean needsState(long delivered, long nowMillis);

    /** Takes verified decisions, ascending; {@link #next} gives them back. */
    void receive(int from, List<Decision> decisions, long delivered);

    /**
     * The decisions fetched that follow {@code delivered} without gaps, which are forgotten here. To be asked for whenever the
     * place or the room changes, not only when something comes: what closes a gap may be something else.
     */
    List<Decision> next(long delivered);

    /** Takes back what of {@link #next} could not be delivered yet, because the epoch ends before it or execution is behind. */
    void putBack(List<Decision> next, long delivered);

    /** Asks for what is missing, if deliveries here have stopped or are a window behind. */
    void pursue(long delivered, boolean roomToDeliver, long nowMillis);

    /** Whether a peer's request for help may be served now; bounds what a peer can make this replica do. */
    boolean mayServe(int peer, long nowMillis);

    /** From now on these members' claims are the ones that count; any peer may still be asked. */
    void count(Membership members);

    /** These are no peers any more. */
    void forget(IntPredicate peers);
}
