package io.atlassmr.protocol.view;

import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;

/** Moves the members from a leader that does not serve to the next. Single-threaded; effects go to the outbox it was made with. */
public interface ViewTransferProtocol {

    /** The view this replica votes in, or asks for. */
    long view();

    /** Whether the view is open. */
    boolean active();

    /** How many views this replica has entered since its start. */
    long installedViews();

    /** Says that the leader of the current view does not serve, and says it again while {@link #suspects()}. */
    void suspect(long nowMillis);

    /** Takes back a suspicion that has not led to a transfer. */
    void trust();

    /** Whether this replica suspects the leader of the current view. */
    boolean suspects();

    /** Steps down, if this replica leads the current view. */
    void handOver(long nowMillis);

    /** Goes on to the next view that this member leads, unless it leads the current one. All members have agreed on that. */
    void passTo(int member);

    /**
     * Whether this replica, if it leads the current view, may propose in it: not before the log remembers that the view is
     * open, and not after it has begun to step down.
     */
    boolean mayLead();

    /** Has this member lead no view that this replica would stay in, as long as there is somebody left to lead. */
    void bar(int member, long nowMillis);

    /** Leaves the current view if the members have agreed that its leader is not to lead. */
    void passOver();

    /** Whether the member is not to lead. */
    boolean isBarred(int member);

    /** This replica may say what binds it again: asks for the view that it had to leave to others. */
    void rejoin();

    /** Takes a verified suspicion. */
    void receiveSuspect(Signed<Suspect> suspect, long nowMillis);

    /** Takes a verified view change. */
    void receiveViewChange(Signed<ViewChange> viewChange, long nowMillis);

    /** Takes a verified new view. */
    void receiveNewView(Signed<NewView> newView, long nowMillis);

    /** Shows a peer that says it is in this view what opened the current one, if it lacks that; at a bounded rate. */
    void helpPeer(int peer, long peerView, boolean peerInViewTransfer, long nowMillis);

    /** Lets timers fire and repeats what got no answer. */
    void tick(long nowMillis);

    /** The current view decided something. */
    void progressed(long nowMillis);

    /** What this time-out of a leader is now: longer after views that had to be left, until there was progress for long enough. */
    long patienceMillis(long millis);
}
