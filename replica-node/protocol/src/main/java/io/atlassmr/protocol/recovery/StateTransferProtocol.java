package io.atlassmr.protocol.recovery;

import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.transfer.CheckpointOffer;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.transfer.StateTransferState;

/**
 * Fetches a stable checkpoint's state from peers. Single-threaded; effects go to the outbox it was made with. Ends with the state
 * in place, or after a while in which nobody offered a checkpoint that serves.
 */
public interface StateTransferProtocol {

    /** Begins, unless it runs: seeks a checkpoint at or above this sequence number. */
    void start(long atLeast, long nowMillis);

    /** Something happened. */
    void receive(StateTransferEvent event, long nowMillis);

    /** Lets timers fire. */
    void tick(long nowMillis);

    /** The checkpoint that is fetched, or was last; null before the first. */
    CheckpointOffer target();

    /** Whether nobody offers a checkpoint that serves, so that peers should take another. */
    boolean wantsAnother();

    /** How far it is. */
    StateTransferState state();

    /** From now on so many equal claims contain an honest one as do among these. */
    void count(Membership members);
}
