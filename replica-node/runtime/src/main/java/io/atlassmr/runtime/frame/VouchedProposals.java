package io.atlassmr.runtime.frame;

import io.atlassmr.protocol.event.ProtocolEvent.MessageReceived;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Signed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Proposals whose clients' signatures others check. Of {@code n} members {@code f + 1} check those of a proposal at once: its
 * leader, and {@code f} more in turn. The others keep it until {@code f + 1} members have prepared it, the leader by proposing it: one of
 * these is honest and checked it, or had it vouched for in the same way, and the first of the honest ones checked. With four members that halves
 * the most expensive part of a request. A proposal that is not vouched for within {@link #PATIENCE_MILLIS} has to be checked
 * here, and those that owed the voucher are not relied on for a while, so that a mute member costs that delay once.
 *
 * <p>Members, and how many of them may lie, are those of the epoch that the proposal is signed for: a prepare of another epoch
 * vouches for nothing. Commands about the membership are always checked here.
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

    /** What becomes of a proposal that came. */
    enum Standing {
        /** Its clients' signatures have to be checked here, now. */
        UNCHECKED,
        /** It waits for others to vouch for it. */
        KEPT,
        /** They have done so already. */
        VOUCHED_FOR
    }

    /** A proposal, and the epoch that it is signed for. */
    private record Place(long epoch, PrePrepare proposal) {

        private static Place of(MessageReceived received) {
            return received.signed().message() instanceof PrePrepare proposal
                    ? new Place(received.signed().epoch(), proposal)
                    : null;
        }

        private static Place of(long epoch, Prepare prepare) {
            return new Place(epoch, new PrePrepare(prepare.view(), prepare.sequenceNumber(), prepare.digest()));
        }

        long sequenceNumber() {
            return proposal.sequenceNumber();
        }
    }

    private final Supplier<Roster> roster;
    private final int self;
    private final ToIntFunction<Membership> enough;
    private final int fromSignatures;
    /** What each member prepared last at each place: a liar displaces its own only. */
    private final Map<Integer, Place[]> preparesOf = new TreeMap<>();

    private final Map<Integer, Integer> unreliableFor = new TreeMap<>();
    private final Map<Place, MessageReceived> kept = new LinkedHashMap<>();
    private long keptBytes;
    private long newestEpoch;

    /**
     * @param roster whom this replica knows at the moment
     * @param enough members of a membership that have to vouch: one more than may lie
     * @param fromSignatures fewest unchecked signatures that are left to others; 0 for checking all here
     */
    public VouchedProposals(Supplier<Roster> roster, int self, ToIntFunction<Membership> enough, int fromSignatures) {
        this.roster = roster;
        this.self = self;
        this.enough = enough;
        this.fromSignatures = fromSignatures;
    }

    /**
     * Keeps a proposal whose clients' signatures are not checked, unless enough have vouched for it, or this replica has to check them
     * now: because it is its turn, because there are few, because those whose turn it is do not serve, because there is no room, or
     * because commands are among what is proposed.
     *
     * @param proposal a pre-prepare with the leader's signature checked, and its batch
     * @param uncheckedSignatures those of its clients that this replica has not checked
     */
    synchronized Standing keep(MessageReceived proposal, int uncheckedSignatures) {
        Place place = Place.of(proposal);
        Membership membership = place == null ? null : membership(place.epoch());
        if (membership != null) {
            remember(proposal.signed().signer(), place, membership);
        }
        if (fromSignatures == 0
                || uncheckedSignatures < fromSignatures
                || membership == null
                || !proposal.batch().commands().isEmpty()) {
            return Standing.UNCHECKED;
        }
        if (isVouchedFor(place, membership)) {
            return Standing.VOUCHED_FOR;
        }
        if (kept.size() >= MAX_KEPT
                || keptBytes + sizeBytes(proposal) > MAX_KEPT_BYTES
                || !mayRelyOn(checking(place, membership))) {
            return Standing.UNCHECKED;
        }
        if (kept.put(place, proposal) == null) {
            keptBytes += sizeBytes(proposal);
        }
        return Standing.KEPT;
    }

    /** A member has prepared, by its checked signature: gives the proposal that enough have vouched for now. */
    synchronized Optional<MessageReceived> prepared(Signed<Prepare> prepare) {
        Place place = Place.of(prepare.epoch(), prepare.message());
        Membership membership = membership(place.epoch());
        if (membership == null) {
            return Optional.empty();
        }
        remember(prepare.signer(), place, membership);
        return kept.containsKey(place) && isVouchedFor(place, membership)
                ? Optional.of(remove(place))
                : Optional.empty();
    }

    private void remember(int signer, Place prepared, Membership membership) {
        forgetThoseThatLeft(membership);
        preparesOf.computeIfAbsent(signer, _ -> new Place[REMEMBERED])[slot(prepared.sequenceNumber())] = prepared;
    }

    /** Patience is over: gives up a proposal, which has to be checked here now; false if it was vouched for. */
    synchronized boolean giveUp(MessageReceived proposal) {
        Place place = Place.of(proposal);
        if (place == null || !kept.containsKey(place)) {
            return false;
        }
        for (int member : checking(place, membership(place.epoch()))) {
            if (!hasPrepared(member, place)) {
                unreliableFor.put(member, UNRELIABLE_FOR);
            }
        }
        remove(place);
        return true;
    }

    /** Null if it is not known. Once known it stays so. */
    private Membership membership(long epoch) {
        return roster.get().epochs().of(epoch).map(Epoch::membership).orElse(null);
    }

    private void forgetThoseThatLeft(Membership membership) {
        if (membership.epoch() > newestEpoch) {
            newestEpoch = membership.epoch();
            preparesOf.keySet().removeIf(member -> !membership.contains(member));
            unreliableFor.keySet().removeIf(member -> !membership.contains(member));
        }
    }

    private MessageReceived remove(Place place) {
        MessageReceived proposal = kept.remove(place);
        keptBytes -= sizeBytes(proposal);
        return proposal;
    }

    private static long sizeBytes(MessageReceived proposal) {
        return proposal.batch().encoded().length;
    }

    private boolean isVouchedFor(Place place, Membership membership) {
        long vouchers = preparesOf.keySet().stream()
                .filter(member -> hasPrepared(member, place))
                .count();
        return vouchers >= enough.applyAsInt(membership);
    }

    private boolean hasPrepared(int member, Place place) {
        Place[] prepares = preparesOf.get(member);
        return prepares != null && place.equals(prepares[slot(place.sequenceNumber())]);
    }

    /** Whose turn it is: the leader's, and that of as many after a place that moves on with the sequence number. */
    private Collection<Integer> checking(Place place, Membership membership) {
        int leader = membership.leaderOf(place.proposal().view());
        List<Integer> others =
                new ArrayList<>(membership.members().stream().map(Member::id).toList());
        others.remove(Integer.valueOf(leader));
        List<Integer> checking = new ArrayList<>();
        checking.add(leader);
        for (int i = 0; i < enough.applyAsInt(membership) - 1; i++) {
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
