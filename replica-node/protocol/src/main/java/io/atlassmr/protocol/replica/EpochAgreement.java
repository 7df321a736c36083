package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.event.ProtocolEvent.MessageReceived;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.message.agreement.Vote;
import io.atlassmr.protocol.ordering.OrderingListener;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.ordering.PbftOrdering;
import io.atlassmr.protocol.reconfiguration.OrderedReconfiguration;
import io.atlassmr.protocol.view.PbftViewTransfer;
import io.atlassmr.protocol.view.ViewTransferListener;
import java.util.List;

/**
 * Agreement within one epoch after the other: the ordering and the view transfer of the epoch that this replica is in, and what reaches
 * them. What is of a later view, or of the epoch after, is kept until its time, within bounds; what is of any other epoch is passed over.
 */
final class EpochAgreement {

    /** So many messages of each signer are kept for each place of the window. */
    private static final int KEPT_PER_INSTANCE = 8;

    private final ProtocolConfiguration configuration;
    private final OrderedReconfiguration reconfiguration;
    private final Outbox outbox;
    private final OrderingListener orderingListener;
    private final ViewTransferListener viewTransferListener;

    private Epoch epoch;
    private PbftOrdering ordering;
    private PbftViewTransfer viewTransfer;
    private FutureMessages ofLaterViews;
    private FutureMessages ofNextEpoch;
    private long viewsOfEarlierEpochs;

    /** @param start what the log remembers of the epoch that the cluster is in, as far as this replica knows */
    <L extends OrderingListener & ViewTransferListener> EpochAgreement(
            ProtocolConfiguration configuration,
            OrderedReconfiguration reconfiguration,
            OrderingState start,
            Outbox outbox,
            L listener) {
        this.configuration = configuration;
        this.reconfiguration = reconfiguration;
        this.outbox = outbox;
        this.orderingListener = listener;
        this.viewTransferListener = listener;
        begin(reconfiguration.current(), start);
    }

    private void begin(Epoch begun, OrderingState start) {
        epoch = begun;
        ordering = new PbftOrdering(
                epoch,
                configuration.self(),
                configuration.window(),
                configuration.maxClockSkewMillis(),
                start,
                reconfiguration,
                outbox,
                orderingListener);
        viewTransfer = new PbftViewTransfer(
                epoch.membership(),
                configuration.self(),
                configuration.progressTimeoutMillis(),
                configuration.maxViewTimeoutMillis(),
                configuration.statusIntervalMillis(),
                start.view(),
                start.active(),
                start.newView(),
                member -> reconfiguration.state().barred().contains(member),
                outbox,
                viewTransferListener);
        ofLaterViews = new FutureMessages(KEPT_PER_INSTANCE * configuration.window());
        ofNextEpoch = new FutureMessages(KEPT_PER_INSTANCE * configuration.window());
    }

    Epoch epoch() {
        return epoch;
    }

    PbftOrdering ordering() {
        return ordering;
    }

    PbftViewTransfer viewTransfer() {
        return viewTransfer;
    }

    /** The member that leads the view that this replica is in, or waits for. */
    int leader() {
        return epoch.membership().leaderOf(viewTransfer.view());
    }

    /** How many views this replica saw open since it started. */
    long installedViews() {
        return viewsOfEarlierEpochs + viewTransfer.installedViews();
    }

    /**
     * Goes over to the epoch that the cluster is in now; its members agree on it from its first view on.
     *
     * @return what came for it before its time, to be given to {@link #receive} once whoever belongs to agreement knows of the epoch
     */
    List<MessageReceived> enterEpoch() {
        Epoch next = reconfiguration.current();
        List<MessageReceived> early = next.number() == epoch.number() + 1 ? ofNextEpoch.takeAll() : List.of();
        viewsOfEarlierEpochs += viewTransfer.installedViews();
        begin(next, ordering.conclude());
        return early;
    }

    /** A view is open: what came for it before its time counts now. */
    void receiveEarly(long view, Time now) {
        ofLaterViews.takeUpTo(view).forEach(message -> receiveInEpoch(message, now));
    }

    /** Takes a verified message of ordering or of view transfer. */
    void receive(MessageReceived received, Time now) {
        long of = received.signed().epoch();
        if (of == epoch.number() + 1) {
            ofNextEpoch.keep(received);
        } else if (of == epoch.number()) {
            receiveInEpoch(received, now);
        }
    }

    private void receiveInEpoch(MessageReceived received, Time now) {
        Signed<? extends ProtocolMessage> signed = received.signed();
        long view = viewTransfer.view();
        switch (signed.message()) {
            case Suspect m -> viewTransfer.receiveSuspect(retype(signed, m), now.monotonicMillis());
            case ViewChange m -> viewTransfer.receiveViewChange(retype(signed, m), now.monotonicMillis());
            case NewView m -> viewTransfer.receiveNewView(retype(signed, m), now.monotonicMillis());
            case PrePrepare _ when viewTransfer.isBarred(signed.signer()) -> {}
            case PrePrepare m when isLater(m, view) -> ofLaterViews.keep(received);
            case PrePrepare m -> ordering.receive(retype(signed, m), received.batch(), now);
            case Vote m when isLater(m, view) -> ofLaterViews.keep(received);
            case Vote m -> ordering.receiveVote(retype(signed, m));
            case CheckpointVote _, JoinRequest _, JoinApproval _ ->
                throw new IllegalStateException(signed.message() + " is of no epoch's agreement");
        }
    }

    private boolean isLater(ProtocolMessage message, long view) {
        return message.view() > view || (message.view() == view && !viewTransfer.active());
    }

    /** The same, as a message of the kind that it is. */
    static <M extends ProtocolMessage> Signed<M> retype(Signed<?> signed, M message) {
        return new Signed<>(message, signed.signer(), signed.epoch(), signed.signature());
    }
}
