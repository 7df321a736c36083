package io.atlassmr.protocol.replica;

import java.util.OptionalInt;

/**
 * Whether this replica leads where it is its turn, or leaves it to others: because it drains or may not vote, because the members decided
 * that another one is to lead, because the leader is proven to lie, or because a member waits for a later view.
 */
final class Leadership {

    private final int self;
    private final EpochAgreement agreement;
    private final Drain drain;
    private ViewWishes wishes = new ViewWishes();
    private OptionalInt next = OptionalInt.empty();
    /** Whether somebody was barred since; it may be the leader. */
    private boolean leaderIsBarred;

    Leadership(int self, EpochAgreement agreement, Drain drain) {
        this.self = self;
        this.agreement = agreement;
        this.drain = drain;
    }

    /** Whether it may propose, as far as that is about who leads. */
    boolean mayPropose() {
        return !standsBack() && agreement.viewTransfer().mayLead();
    }

    private boolean standsBack() {
        return drain.standsBack(agreement.epoch().membership());
    }

    private boolean leads() {
        return agreement.leader() == self;
    }

    /** Somebody in this epoch waits for this view; 0 if it does not wait. Only members count. */
    void heard(int peer, long wantsView, long nowMillis) {
        if (agreement.epoch().membership().contains(peer)) {
            wishes.heard(peer, wantsView, nowMillis);
        }
    }

    /** Leads a view for which nobody has to wait any longer, or hands over. */
    void answerWishes(long nowMillis) {
        boolean leadsNow = agreement.viewTransfer().active() && leads();
        if (leadsNow && wishes.due(agreement.viewTransfer().view(), nowMillis)) {
            wishes.answered(nowMillis);
            agreement.viewTransfer().handOver(nowMillis);
        }
    }

    /** Whether the leader keeps a member waiting for a later view. */
    boolean viewIsOverdue(long nowMillis) {
        return wishes.overdue(agreement.viewTransfer().view(), nowMillis);
    }

    /** Another epoch was entered: what was waited for is over. */
    void epochEntered() {
        wishes = new ViewWishes();
    }

    /** Another view is open, which answers all who waited for one. */
    void viewEntered(long nowMillis) {
        wishes.answered(nowMillis);
    }

    /** It begins to drain while it leads: hands over. */
    void look(long nowMillis) {
        if (standsBack() && leads() && agreement.viewTransfer().mayLead()) {
            agreement.viewTransfer().handOver(nowMillis);
        }
    }

    /** A view or an epoch was entered: hands over at once what it is not to lead. */
    void entered(boolean mayVote, long nowMillis) {
        if (leads() && (standsBack() || !mayVote)) {
            agreement.viewTransfer().handOver(nowMillis);
        }
    }

    /** The members decided that this one is to lead, if any. */
    void askedFor(OptionalInt member) {
        next = member.isPresent() ? member : next;
    }

    /** The members decided that one of them leads no more. */
    void barred() {
        leaderIsBarred = true;
    }

    /** Not within the delivery that asks for it: what is delivered beside it belongs to this view still. */
    void pass() {
        if (leaderIsBarred) {
            leaderIsBarred = false;
            agreement.viewTransfer().passOver();
        }
        if (next.isPresent()) {
            int member = next.getAsInt();
            next = OptionalInt.empty();
            if (agreement.epoch().membership().contains(member)) {
                agreement.viewTransfer().passTo(member);
            }
        }
    }
}
