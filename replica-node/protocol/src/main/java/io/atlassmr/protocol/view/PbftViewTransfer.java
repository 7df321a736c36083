package io.atlassmr.protocol.view;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * View change after Castro and Liskov, "Practical Byzantine Fault Tolerance", 4.4 and 4.5.2, preceded by a round of
 * suspicions so that a replica goes on voting until f + 1 members have had enough.
 */
public final class PbftViewTransfer implements ViewTransferProtocol {

    private record Claim(long view, long atMillis) {}

    private final Membership membership;
    private final int self;
    /** Whether this replica is a member: if not, it follows and says nothing. */
    private final boolean speaks;

    private final long baseTimeoutMillis;
    private final long repeatMillis;
    private final Patience patience;
    private final IntPredicate excluded;
    private final Outbox outbox;
    private final ViewTransferListener listener;

    /** The lowest view each member's suspicions ask for, while they are fresh. */
    private final TreeMap<Integer, Claim> suspicions = new TreeMap<>();

    private final TreeSet<Integer> barred = new TreeSet<>();
    /** Each member's view change of the highest view. */
    private final TreeMap<Integer, Signed<ViewChange>> viewChanges = new TreeMap<>();

    /** When each peer was last shown the view. */
    private final TreeMap<Integer, Long> helpedAtMillis = new TreeMap<>();

    private long view;
    private boolean active;
    private Signed<NewView> newView;
    private boolean suspects;
    private boolean steppingDown;
    private boolean openingDurable;
    private boolean newViewSent;
    private long installedViews;
    private long giveUpAtMillis = Long.MAX_VALUE;
    private long nextRepeatMillis;

    /**
     * @param view the lowest view this replica may vote in
     * @param active whether it is open
     * @param newView what opened it; null in view 0 or when not active
     * @param excluded who does not lead, as the members have agreed by what is decided here; at most f
     */
    public PbftViewTransfer(
            Membership membership,
            int self,
            long baseTimeoutMillis,
            long maxTimeoutMillis,
            long repeatMillis,
            long view,
            boolean active,
            Signed<NewView> newView,
            IntPredicate excluded,
            Outbox outbox,
            ViewTransferListener listener) {
        this.membership = membership;
        this.self = self;
        this.speaks = membership.contains(self);
        this.baseTimeoutMillis = baseTimeoutMillis;
        this.patience = new Patience(baseTimeoutMillis, maxTimeoutMillis);
        this.repeatMillis = repeatMillis;
        this.view = view;
        this.active = active;
        this.newView = newView;
        this.excluded = excluded;
        this.openingDurable = active;
        this.outbox = outbox;
        this.listener = listener;
    }

    /**
     * Goes on after a restart: asks again for a view that was not open, and steps down from leading one that was, because
     * proposals are not remembered and another one at the same place would be taken for a lie.
     */
    public void resume(long nowMillis) {
        if (active) {
            handOver(nowMillis);
        } else {
            askFor(view);
        }
    }

    @Override
    public long view() {
        return view;
    }

    @Override
    public boolean active() {
        return active;
    }

    @Override
    public long installedViews() {
        return installedViews;
    }

    @Override
    public void suspect(long nowMillis) {
        if (!suspects) {
            suspects = true;
            patience.startOver(nowMillis);
            nextRepeatMillis = nowMillis + repeatMillis;
            broadcastSuspicion();
        }
    }

    @Override
    public void trust() {
        if (active && !steppingDown) {
            suspects = false;
        }
    }

    @Override
    public boolean suspects() {
        return suspects;
    }

    @Override
    public void handOver(long nowMillis) {
        if (active && membership.leaderOf(view) == self) {
            suspects = true;
            steppingDown = true;
            nextRepeatMillis = nowMillis + repeatMillis;
            broadcastSuspicion();
        }
    }

    @Override
    public void passTo(int member) {
        if (active && membership.leaderOf(view) != member) {
            long next = view + 1;
            while (membership.leaderOf(next) != member) {
                next++;
            }
            askFor(next);
        }
    }

    @Override
    public boolean mayLead() {
        return openingDurable && !steppingDown;
    }

    /**
     * Asks for the next view at once. At most f are barred, so that there is always somebody to lead. It needs no agreement, which may
     * take a while and another leader: who is not barred elsewhere is followed there until enough know.
     */
    @Override
    public void bar(int member, long nowMillis) {
        if (barred.size() < membership.quorum().f() && barred.add(member) && membership.leaderOf(view) == member) {
            suspect(nowMillis);
        }
    }

    @Override
    public boolean isBarred(int member) {
        return barred.contains(member) || excluded.test(member);
    }

    @Override
    public void passOver() {
        if (active && excluded.test(membership.leaderOf(view))) {
            askFor(view + 1);
        }
    }

    private void broadcastSuspicion() {
        if (speaks) {
            outbox.add(new ProtocolEffect.Broadcast(new Suspect(view, steppingDown), null, membership.epoch()));
        }
    }

    @Override
    public void receiveSuspect(Signed<Suspect> suspect, long nowMillis) {
        long asks = suspect.message().view() + 1;
        Claim known = suspicions.get(suspect.signer());
        if (known == null || asks >= known.view()) {
            suspicions.put(suspect.signer(), new Claim(asks, nowMillis));
        }
        if (suspect.message().handover() && suspect.message().view() == view && active) {
            // What a leader does of its own accord says nothing about the time that leaders need.
            askFor(view + 1);
        } else {
            follow(nowMillis);
        }
    }

    @Override
    public void receiveViewChange(Signed<ViewChange> viewChange, long nowMillis) {
        Signed<ViewChange> known = viewChanges.get(viewChange.signer());
        long asks = viewChange.message().view();
        if (known == null || asks > known.message().view()) {
            viewChanges.put(viewChange.signer(), viewChange);
            if (active && asks > view && viewChange.signer() == membership.leaderOf(view)) {
                // The leader itself has left the view: as good as its hand-over, which may have been lost.
                leave(view + 1);
            }
            follow(nowMillis);
            openOrWait(nowMillis);
        }
    }

    /** Moves on when f + 1 members, one of them honest, ask for a later view. */
    private void follow(long nowMillis) {
        List<Long> asked = new ArrayList<>();
        for (Member member : membership.members()) {
            long asks = 0;
            Claim claim = suspicions.get(member.id());
            if (claim != null && nowMillis - claim.atMillis() <= 10 * repeatMillis) {
                asks = claim.view();
            }
            Signed<ViewChange> viewChange = viewChanges.get(member.id());
            if (viewChange != null) {
                asks = Math.max(asks, viewChange.message().view());
            }
            asked.add(asks);
        }
        asked.sort(null);
        long supported = asked.get(asked.size() - membership.quorum().oneHonest());
        if (supported > view) {
            leave(supported);
        }
    }

    @Override
    public void rejoin() {
        if (!active) {
            askFor(view);
        }
    }

    /** The view did not do: the next one gets more time. */
    private void leave(long nextView) {
        patience.failed();
        askFor(nextView);
    }

    /** Asks for this view, or the next one whose leader is not excluded. */
    private void askFor(long atLeast) {
        long nextView = atLeast;
        while (excluded.test(membership.leaderOf(nextView))) {
            nextView++;
        }
        view = nextView;
        active = false;
        suspects = false;
        steppingDown = false;
        newViewSent = false;
        newView = null;
        giveUpAtMillis = Long.MAX_VALUE;
        long asked = nextView;
        ViewChange own = listener.leaveView(asked);
        outbox.add(new ProtocolEffect.ViewTransferStarted(asked));
        outbox.persist(new LogRecord.ViewRecord(membership.epoch(), asked, false, null), () -> {
            if (own != null && !active && view == asked) {
                outbox.add(new ProtocolEffect.Broadcast(own, null, membership.epoch()));
            }
        });
    }

    /**
     * With a quorum behind the view, its leader opens it, and the others give it a limited time to do so. Time runs out as well
     * once a quorum asks for this view or later ones: those who went on will not come back to support it.
     */
    private void openOrWait(long nowMillis) {
        if (active) {
            return;
        }
        List<Signed<ViewChange>> supporters = new ArrayList<>();
        int hereOrBeyond = 0;
        for (Signed<ViewChange> viewChange : viewChanges.values()) {
            if (viewChange.message().view() == view) {
                supporters.add(viewChange);
            }
            if (viewChange.message().view() >= view) {
                hereOrBeyond++;
            }
        }
        if (hereOrBeyond >= membership.quorum().size() && giveUpAtMillis == Long.MAX_VALUE) {
            giveUpAtMillis = nowMillis + patience.of(baseTimeoutMillis);
        }
        if (supporters.size() < membership.quorum().size()) {
            return;
        }
        if (membership.leaderOf(view) == self && !newViewSent) {
            newViewSent = true;
            outbox.add(new ProtocolEffect.Broadcast(
                    new NewView(view, supporters.subList(0, membership.quorum().size())), null, membership.epoch()));
        }
    }

    @Override
    public long patienceMillis(long millis) {
        return patience.of(millis);
    }

    @Override
    public void receiveNewView(Signed<NewView> opened, long nowMillis) {
        long opens = opened.message().view();
        if (opens < view || (opens == view && active)) {
            return;
        }
        view = opens;
        active = true;
        newView = opened;
        suspects = false;
        steppingDown = false;
        newViewSent = false;
        giveUpAtMillis = Long.MAX_VALUE;
        installedViews++;
        patience.startOver(nowMillis);
        // Proposals are not remembered. A leader that forgot which view it proposed in would propose other batches
        // at the same places after a restart.
        persistOpening();
        outbox.add(new ProtocolEffect.ViewInstalled(view, membership.leaderOf(view)));
        listener.enterView(view, NewViewPlan.of(opened.message()));
    }

    private void persistOpening() {
        long opens = view;
        openingDurable = false;
        outbox.persist(
                new LogRecord.ViewRecord(membership.epoch(), opens, true, newView),
                () -> openingDurable = active && view == opens);
    }

    /** Begins an epoch in its first view, in a process that goes on: does not lead it before the log remembers it. */
    public void begin() {
        persistOpening();
    }

    @Override
    public void helpPeer(int peer, long peerView, boolean peerInViewTransfer, long nowMillis) {
        boolean lacksView = peerView < view || (peerView == view && peerInViewTransfer);
        if (newView == null || !lacksView) {
            return;
        }
        Long helped = helpedAtMillis.get(peer);
        if (helped == null || nowMillis - helped >= repeatMillis / 2) {
            helpedAtMillis.put(peer, nowMillis);
            outbox.add(new ProtocolEffect.SendMessages(peer, List.of(newView), List.of()));
        }
    }

    @Override
    public void tick(long nowMillis) {
        if (!active && nowMillis >= giveUpAtMillis && !suspects) {
            suspect(nowMillis);
        }
        if (!active && isBarred(membership.leaderOf(view))) {
            suspect(nowMillis);
        }
        if (nowMillis >= nextRepeatMillis) {
            nextRepeatMillis = nowMillis + repeatMillis;
            Signed<ViewChange> own = viewChanges.get(self);
            if (!active && own != null && own.message().view() == view) {
                outbox.add(new ProtocolEffect.Resend(List.of(own), List.of()));
            }
            if (suspects) {
                broadcastSuspicion();
            }
        }
    }

    @Override
    public void progressed(long nowMillis) {
        if (!suspects) {
            patience.progressed(nowMillis);
        }
    }
}
