package io.atlassmr.protocol.view;

import io.atlassmr.protocol.message.agreement.ViewChange;

/** What a {@link ViewTransferProtocol} asks of the replica it is part of. */
public interface ViewTransferListener {

    /**
     * The view is over: vote no more, and say what binds you, asking for {@code nextView}; null if this replica does not know
     * what binds it, and so follows in silence.
     */
    ViewChange leaveView(long nextView);

    /** The view is open. */
    void enterView(long view, NewViewPlan plan);
}
