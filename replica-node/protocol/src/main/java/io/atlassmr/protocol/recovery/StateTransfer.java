package io.atlassmr.protocol.recovery;

import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.transfer.CheckpointOffer;
import io.atlassmr.protocol.transfer.StateTransferEffect;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.transfer.StateTransferState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Fetches the newest stable checkpoint: offers, the manifest's pages and the parts that they name, installation. Parts are asked
 * for as soon as their page is here, as each page leads to the certificate by itself. Peers are asked side by side; one that lies or
 * stalls is dropped for this transfer. When the peers no longer keep the checkpoint, the transfer goes on with a newer one, and
 * what is here of the older one is used again, by its digests. A transfer that nobody offers a checkpoint for ends, so that its
 * owner looks again at what is missing and who has it.
 */
public final class StateTransfer implements StateTransferProtocol {

    private static final long OFFER_REPEAT_MILLIS = 500;
    private static final long OFFER_PATIENCE_MILLIS = 200;
    /** Without an offer that serves for so long, peers are asked to take another checkpoint. */
    private static final long WISH_AFTER_MILLIS = 2000;
    /** Without one for so long, what is missing is looked for elsewhere too. */
    private static final long SEEK_PATIENCE_MILLIS = 10_000;

    private static final long STALL_MILLIS = 3000;
    /** Far longer than it takes to see what is here already of a page, with nothing else to come. */
    private static final long STRANDED_MILLIS = 30_000;

    private static final long RETRY_AFTER_FAILURE_MILLIS = 2000;

    private enum Stage {
        NOT_RUNNING,
        SEEKING,
        FETCHING,
        INSTALLING
    }

    /** What a page is taken for before it is here. */
    private static final int PAGE_BYTES = 1 << 19;
    /** Enough that parts are known before they can be asked for, and few enough that parts do not wait for pages. */
    private static final int MAX_PAGES_UNDER_WAY = 8;

    private static final int MAX_PAGES_PER_REQUEST = 4;
    /** With the pages no more than a peer has room for. */
    private static final int MAX_PARTS_UNDER_WAY = 960;

    private static final int MAX_PARTS_PER_REQUEST = 64;

    private int oneHonest;
    private final Outbox outbox;
    private final LongSupplier lastDelivered;
    private final TreeMap<Integer, CheckpointOffer> offers = new TreeMap<>();

    /** Who lied or stalled in this transfer, whatever its target was then: asked only if nobody else can be. */
    private final TreeSet<Integer> dropped = new TreeSet<>();

    private Stage stage = Stage.NOT_RUNNING;
    private long atLeast;
    private long seekingSinceMillis;
    private boolean wantsAnother;
    /** The state here is unknown since an installation failed: only another one helps. */
    private boolean mustInstall;

    private long nextAskMillis;
    private long decideAtMillis;
    private CheckpointOffer target;
    private PeerRequests pages = noPages();
    private PeerRequests parts = noParts();
    /** Whether all pages are here, and {@link #parts} are all that are missing. */
    private boolean isDescribed;
    /** Since when nothing is to come any more though the checkpoint is not whole; {@link Long#MAX_VALUE} while it is otherwise. */
    private long strandedSinceMillis;

    /**
     * @param oneHonest how many equal claims contain an honest one
     * @param lastDelivered the newest decision delivered here
     */
    public StateTransfer(int oneHonest, Outbox outbox, LongSupplier lastDelivered) {
        this.oneHonest = oneHonest;
        this.outbox = outbox;
        this.lastDelivered = lastDelivered;
    }

    @Override
    public void count(Membership members) {
        oneHonest = members.quorum().oneHonest();
    }

    @Override
    public void start(long sequenceNumber, long nowMillis) {
        if (stage == Stage.NOT_RUNNING) {
            atLeast = sequenceNumber;
            dropped.clear();
            seek(nowMillis);
            tick(nowMillis);
        }
    }

    private void seek(long nowMillis) {
        stage = Stage.SEEKING;
        seekingSinceMillis = nowMillis;
        wantsAnother = false;
        target = null;
        offers.clear();
        nextAskMillis = nowMillis;
        decideAtMillis = Long.MAX_VALUE;
    }

    @Override
    public void receive(StateTransferEvent event, long nowMillis) {
        switch (event) {
            case StateTransferEvent.OfferReceived(int from, CheckpointOffer offer) -> offered(from, offer, nowMillis);
            case StateTransferEvent.NotKept(int from, long sequenceNumber) -> notKept(from, sequenceNumber, nowMillis);
            case StateTransferEvent.PageStored(int from, long s, int page) -> {
                if (isAbout(s, Stage.FETCHING)) {
                    came(pages, parts, from, page, nowMillis);
                }
            }
            case StateTransferEvent.PageUnresolved(int from, long s, int page) -> {
                if (isAbout(s, Stage.FETCHING)) {
                    pages.again(from, page, nowMillis);
                }
            }
            case StateTransferEvent.PartsMissing(long s, var missing) -> {
                if (isAbout(s, Stage.FETCHING)) {
                    missing.forEach(part -> parts.add(part.index(), part.sizeBytes()));
                }
            }
            case StateTransferEvent.ManifestComplete(long s, long _) -> isDescribed |= isAbout(s, Stage.FETCHING);
            case StateTransferEvent.PartsStored(int from, long s, var indexes) -> {
                if (isAbout(s, Stage.FETCHING)) {
                    indexes.forEach(index -> came(parts, pages, from, index, nowMillis));
                }
            }
            case StateTransferEvent.Refused(int from, long s, String what) -> {
                if (isAbout(s, Stage.FETCHING)) {
                    drop(from, what);
                }
            }
            case StateTransferEvent.Installed(long s, long _, var _) -> {
                if (isAbout(s, Stage.INSTALLING)) {
                    mustInstall = false;
                    stage = Stage.NOT_RUNNING;
                }
            }
            case StateTransferEvent.Failed(long s, String _) -> {
                if (stage != Stage.NOT_RUNNING && target != null && target.checkpointSequenceNumber() == s) {
                    mustInstall |= stage == Stage.INSTALLING;
                    seek(nowMillis);
                    nextAskMillis = nowMillis + RETRY_AFTER_FAILURE_MILLIS;
                }
            }
        }
        advance(nowMillis);
    }

    /** Something is here. Of both kinds what was asked for first comes first, so whoever sends one is at work on the other. */
    private static void came(PeerRequests of, PeerRequests others, int from, int item, long nowMillis) {
        if (of.owes(from, item)) {
            others.heard(from, nowMillis);
        }
        boolean _ = of.done(from, item, nowMillis);
    }

    private boolean isAbout(long sequenceNumber, Stage expected) {
        return stage == expected && target.checkpointSequenceNumber() == sequenceNumber;
    }

    private void offered(int from, CheckpointOffer offer, long nowMillis) {
        if (stage == Stage.NOT_RUNNING || stage == Stage.INSTALLING) {
            return;
        }
        offers.put(from, offer);
        if (stage == Stage.SEEKING) {
            if (offer.checkpointSequenceNumber() >= atLeast && decideAtMillis == Long.MAX_VALUE) {
                decideAtMillis = nowMillis + OFFER_PATIENCE_MILLIS;
            }
        } else if (isOfTarget(offer) && !dropped.contains(from)) {
            pages.offer(from, nowMillis);
            parts.offer(from, nowMillis);
        }
    }

    private void notKept(int from, long sequenceNumber, long nowMillis) {
        if (isAbout(sequenceNumber, Stage.FETCHING)) {
            dismiss(from);
            if (!parts.hasPeers()) {
                seek(nowMillis);
            }
        }
    }

    private void dismiss(int peer) {
        pages.drop(peer);
        parts.drop(peer);
        offers.remove(peer);
    }

    private void drop(int peer, String why) {
        dismiss(peer);
        dropped.add(peer);
        ask(new StateTransferEffect.PeerDropped(peer, why));
    }

    private boolean isOfTarget(CheckpointOffer offer) {
        return offer.checkpointSequenceNumber() == target.checkpointSequenceNumber();
    }

    private static PeerRequests noPages() {
        return new PeerRequests(MAX_PAGES_UNDER_WAY, MAX_PAGES_PER_REQUEST);
    }

    private static PeerRequests noParts() {
        return new PeerRequests(MAX_PARTS_UNDER_WAY, MAX_PARTS_PER_REQUEST);
    }

    /** All pages of the target are to be fetched, from those that offer it. */
    private void beginRequests(long nowMillis) {
        pages = noPages();
        parts = noParts();
        isDescribed = false;
        strandedSinceMillis = Long.MAX_VALUE;
        for (int page = 0; page < target.header().pageCount(); page++) {
            pages.add(page, PAGE_BYTES);
        }
        List<Integer> holders = offers.entrySet().stream()
                .filter(offer -> isOfTarget(offer.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        boolean choice = !dropped.containsAll(holders);
        for (int peer : holders) {
            if (!choice || !dropped.contains(peer)) {
                pages.offer(peer, nowMillis);
                parts.offer(peer, nowMillis);
            }
        }
    }

    @Override
    public void tick(long nowMillis) {
        boolean wantsOffers = stage == Stage.SEEKING || stage == Stage.FETCHING;
        if (wantsOffers && nowMillis >= nextAskMillis) {
            nextAskMillis = nowMillis + OFFER_REPEAT_MILLIS;
            ask(new StateTransferEffect.AskOffers());
        }
        if (stage == Stage.SEEKING && !mustInstall && nowMillis - seekingSinceMillis >= SEEK_PATIENCE_MILLIS) {
            stage = Stage.NOT_RUNNING;
        }
        wantsAnother = stage == Stage.SEEKING && nowMillis - seekingSinceMillis >= WISH_AFTER_MILLIS;
        if (stage == Stage.FETCHING) {
            TreeSet<Integer> stalled = new TreeSet<>(pages.stalled(STALL_MILLIS, nowMillis));
            stalled.addAll(parts.stalled(STALL_MILLIS, nowMillis));
            stalled.forEach(peer -> drop(peer, "did not send what it offered"));
            if (!parts.hasPeers() || isStranded(nowMillis)) {
                seek(nowMillis);
            }
        }
        advance(nowMillis);
    }

    /**
     * Whether a page is missed that counts as here. What is reported late of an attempt before, at the same checkpoint, cannot be told from what this one
     * has; it then has to begin again.
     */
    private boolean isStranded(long nowMillis) {
        boolean waitsForNothing = !isDescribed && pages.isDone() && parts.isDone();
        strandedSinceMillis = waitsForNothing ? Math.min(strandedSinceMillis, nowMillis) : Long.MAX_VALUE;
        return waitsForNothing && nowMillis - strandedSinceMillis >= STRANDED_MILLIS;
    }

    private void advance(long nowMillis) {
        switch (stage) {
            case NOT_RUNNING, INSTALLING -> {}
            case SEEKING -> choose(nowMillis);
            case FETCHING -> {
                long sequenceNumber = target.checkpointSequenceNumber();
                if (isDescribed && parts.isDone()) {
                    stage = Stage.INSTALLING;
                    ask(new StateTransferEffect.Install(sequenceNumber, lastDelivered.getAsLong()));
                } else {
                    pages.next(nowMillis)
                            .forEach((peer, asked) ->
                                    ask(new StateTransferEffect.AskPages(peer, sequenceNumber, asked)));
                    parts.next(nowMillis)
                            .forEach((peer, asked) ->
                                    ask(new StateTransferEffect.AskParts(peer, sequenceNumber, asked)));
                }
            }
        }
    }

    private void ask(StateTransferEffect effect) {
        outbox.add(new ProtocolEffect.Transfer(effect));
    }

    /** The newest checkpoint that was offered, once enough peers spoke or a while has passed. */
    private void choose(long nowMillis) {
        boolean patient = nowMillis < decideAtMillis;
        if (offers.size() < oneHonest && patient) {
            return;
        }
        CheckpointOffer newest = newestOffer(false);
        if (newest == null && !patient) {
            newest = newestOffer(true);
        }
        if (newest == null) {
            return;
        }
        target = newest;
        stage = Stage.FETCHING;
        beginRequests(nowMillis);
        ask(new StateTransferEffect.Begin(newest.certificate(), newest.header()));
        advance(nowMillis);
    }

    private CheckpointOffer newestOffer(boolean ofDropped) {
        return offers.entrySet().stream()
                .filter(offer -> ofDropped || !dropped.contains(offer.getKey()))
                .map(Map.Entry::getValue)
                .filter(offer -> offer.certificate() != null && offer.checkpointSequenceNumber() >= atLeast)
                .max(Comparator.comparingLong(CheckpointOffer::checkpointSequenceNumber))
                .orElse(null);
    }

    @Override
    public boolean wantsAnother() {
        return wantsAnother;
    }

    @Override
    public StateTransferState state() {
        return switch (stage) {
            case NOT_RUNNING -> new StateTransferState.NotRunning();
            case SEEKING -> new StateTransferState.Seeking();
            case FETCHING -> progress(target.checkpointSequenceNumber(), target.header());
            case INSTALLING -> new StateTransferState.Installing(target.checkpointSequenceNumber());
        };
    }

    private StateTransferState progress(long sequenceNumber, CheckpointHeader header) {
        return isDescribed
                ? new StateTransferState.FetchingParts(
                        sequenceNumber,
                        header.partCount() - parts.missing(),
                        header.partCount(),
                        header.sizeBytes() - parts.missingBytes(),
                        header.sizeBytes())
                : new StateTransferState.FetchingManifest(
                        sequenceNumber, header.pageCount() - pages.missing(), header.pageCount());
    }

    @Override
    public CheckpointOffer target() {
        return target;
    }
}
