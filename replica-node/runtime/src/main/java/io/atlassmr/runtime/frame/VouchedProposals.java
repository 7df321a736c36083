package io.atlassmr.runtime.frame;

import io.atlassmr.protocol.event.ProtocolEvent.MessageReceived;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.PrePrepare;
import io.atlassmr.protocol.message.Prepare;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Proposals whose clients' signatures others check. Of {@code n} members {@code f + 1} check those of a proposal at once: its
 * leader, and {@code f} more in turn. The others keep it until {@code f + 1} members have prepared it: one of these is honest and
 * checked it, or had it vouched for in the same way, and the first of the honest ones checked. With four members that halves
 * the most expensive part of a request. A proposal that is not vouched for within {@link #PATIENCE_MILLIS} has to be checked
 * here, and those that owed the voucher are not relied on for a while, so that a mute member costs that delay once.
 *
 * <p>Waiting costs the time from one member to the next, which is worth it for many signatures only.
 *
 * <p>Thread-safe. What it keeps is bounded; past that, proposals are checked at once.
 */
public final class VouchedProposals {

    /** After this a proposal that was kept has to be checked. */
    public static final int PATIENCE_MILLIS = 100;

    private static final int MAX_KEPT = 256;
    private static final long MAX_KEPT_BYTES = 64L << 20;
    /** More than the instances that can be in flight; a power of two. */
    private static final int REMEMBERED = 1024;
    /** Proposals that are checked at once after one was vouched for too late. */
    private static final int UNRELIABLE_FOR = 256;

    private final List<Integer> members;
    private final Membership membership;
    private final int self;
    private final int enough;
    private final int fromSignatures;
    /** The last prepare of each member at each place: a liar displaces its own only. */
    private final Map<Integer, Prepare[]> preparesOf = new TreeMap<>();

    private final Map<Integer, Integer> unreliableFor = new TreeMap<>();
    private final Map<PrePrepare, MessageReceived> kept = new LinkedHashMap<>();
    private long keptBytes;

    /**
     * @param enough members that have to vouch: one more than may lie
     * @param fromSignatures fewest unchecked signatures that are left to others; 0 for checking all here
     */
    public VouchedProposals(Membership membership, int self, int enough, int fromSignatures) {
        this.membership = membership;
        this.members = membership.members().stream().map(Member::id).toList();
        this.self = self;
        this.enough = enough;
        this.fromSignatures = fromSignatures;
    }

    /**
     * Keeps a proposal whose clients' signatures are not checked, unless this replica has to check them now: because it is its
     * turn, because there are few, because those whose turn it is do not serve, or because there is no room.
     *
     * @param proposal a pre-prepare with the leader's signature checked, and its batch
     * @param uncheckedSignatures those of its clients that this replica has not checked
     * @return whether it was kept
     */
    synchronized boolean keep(MessageReceived proposal, int uncheckedSignatures) {
        if (fromSignatures == 0
                || uncheckedSignatures < fromSignatures
                || !(proposal.signed().message() instanceof PrePrepare place)
                || vouchers(place) >= enough
                || kept.size() >= MAX_KEPT
                || keptBytes + sizeBytes(proposal) > MAX_KEPT_BYTES
                || !mayRelyOn(checking(place))) {
            return false;
        }
        if (kept.put(place, proposal) == null) {
            keptBytes += sizeBytes(proposal);
        }
        return true;
    }

    /** A member has prepared, by its checked signature: gives the proposal that enough have vouched for now. */
    synchronized Optional<MessageReceived> prepared(int member, Prepare prepare) {
        preparesOf.computeIfAbsent(member, _ -> new Prepare[REMEMBERED])[slot(prepare.sequenceNumber())] = prepare;
        PrePrepare place = new PrePrepare(prepare.view(), prepare.sequenceNumber(), prepare.digest());
        return kept.containsKey(place) && vouchers(place) >= enough ? Optional.of(remove(place)) : Optional.empty();
    }

    /** Patience is over: gives up a proposal, which has to be checked here now; false if it was vouched for. */
    synchronized boolean giveUp(MessageReceived proposal) {
        if (!(proposal.signed().message() instanceof PrePrepare place) || !kept.containsKey(place)) {
            return false;
        }
        for (int member : checking(place)) {
            if (!hasPrepared(member, place)) {
                unreliableFor.put(member, UNRELIABLE_FOR);
            }
        }
        remove(place);
        return true;
    }

    private MessageReceived remove(PrePrepare place) {
        MessageReceived proposal = kept.remove(place);
        keptBytes -= sizeBytes(proposal);
        return proposal;
    }

    private static long sizeBytes(MessageReceived proposal) {
        return proposal.batch().encoded().length;
    }

    private int vouchers(PrePrepare place) {
        return (int) preparesOf.keySet().stream()
                .filter(member -> hasPrepared(member, place))
                .count();
    }

    private boolean hasPrepared(int member, PrePrepare place) {
        Prepare[] prepares = preparesOf.get(member);
        Prepare last = prepares == null ? null : prepares[slot(place.sequenceNumber())];
        return last != null
                && last.view() == place.view()
                && last.sequenceNumber() == place.sequenceNumber()
                && last.digest().equals(place.digest());
    }

    /** Whose turn it is: the leader's, and that of as many after a place that moves on with the sequence number. */
    private Collection<Integer> checking(PrePrepare place) {
        int leader = membership.leaderOf(place.view());
        List<Integer> others = new ArrayList<>(members);
        others.remove(Integer.valueOf(leader));
        List<Integer> checking = new ArrayList<>();
        checking.add(leader);
        for (int i = 0; i < enough - 1; i++) {
            checking.add(others.get((int) ((place.sequenceNumber() + i) % others.size())));
        }
        return checking;
    }

    private boolean mayRelyOn(Collection<Integer> checking) {
        boolean reliable = true;
        for (int member : checking) {
            Integer left = unreliableFor.get(member);
            if (left != null) {
                reliable = false;
                if (left > 1) {
                    unreliableFor.put(member, left - 1);
                } else {
                    unreliableFor.remove(member);
                }
            }
        }
        return reliable && !checking.contains(self);
    }

    private static int slot(long sequenceNumber) {
        return (int) (sequenceNumber & (REMEMBERED - 1));
    }
}
