package io.atlassmr.protocol.peer;

/**
 * What a replica tells its peers about itself; believed only as a hint.
 *
 * @param epoch of the next decision it expects; the view is one of this epoch
 * @param lastDecided its newest decision
 * @param inViewTransfer whether it asks for {@code view}, which is not open yet
 * @param stableCheckpoint sequence number of its newest stable checkpoint, 0 for none
 * @param firstAvailable the lowest decision in its log, 1 before anything was pruned
 * @param wantsCheckpoint it would like a stable checkpoint at or above this; 0 if it does not
 * @param wantsView it lost its memory and votes again from this view on, if somebody opens it; 0 if it does not wait for one
 * @param needs it fetches this checkpoint, or the log above this place: to be kept if possible; 0 if it needs nothing
 * @param drains it votes, and wants others to lead
 */
public record PeerStatus(
        long epoch,
        long view,
        long lastDecided,
        boolean inViewTransfer,
        long stableCheckpoint,
        long firstAvailable,
        long wantsCheckpoint,
        long wantsView,
        long needs,
        boolean drains) {}
