package io.atlassmr.protocol.recovery;

import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.transfer.CheckpointOffer;
import io.atlassmr.protocol.transfer.StateTransferEffect;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.transfer.StateTransferEvent.MissingPart;
import io.atlassmr.protocol.transfer.StateTransferState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Fetches the newest stable checkpoint: offers, manifest, parts, installation. Peers are asked side by side; one that lies or
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
    private static final long RETRY_AFTER_FAILURE_MILLIS = 2000;

    private enum Stage {
        NOT_RUNNING,
        SEEKING,
        MANIFEST,
        PARTS,
        INSTALLING
    }

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
    private PeerRequests requests = new PeerRequests();
    private int itemsDone;
    private int items;
    private long bytesDone;
    private TreeMap<Integer, Integer> partSizes = new TreeMap<>();

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
                if (isAbout(s, Stage.MANIFEST) && requests.done(from, page, nowMillis)) {
                    itemsDone++;
                }
            }
            case StateTransferEvent.PageUnresolved(int from, long s, int page) -> {
                if (isAbout(s, Stage.MANIFEST)) {
                    requests.again(from, page, nowMillis);
                }
            }
            case StateTransferEvent.ManifestComplete complete -> manifestComplete(complete, nowMillis);
            case StateTransferEvent.PartsStored(int from, long s, var indexes) -> {
                for (int index : indexes) {
                    if (isAbout(s, Stage.PARTS) && requests.done(from, index, nowMillis)) {
                        itemsDone++;
                        bytesDone += partSizes.getOrDefault(index, 0);
                    }
                }
            }
            case StateTransferEvent.Refused(int from, long s, String what) -> {
                if (isAbout(s, Stage.MANIFEST) || isAbout(s, Stage.PARTS)) {
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
            requests.offer(from, nowMillis);
        }
    }

    private void notKept(int from, long sequenceNumber, long nowMillis) {
        if (isAbout(sequenceNumber, Stage.MANIFEST) || isAbout(sequenceNumber, Stage.PARTS)) {
            requests.drop(from);
            offers.remove(from);
            if (!requests.hasPeers()) {
                seek(nowMillis);
            }
        }
    }

    private void drop(int peer, String why) {
        requests.drop(peer);
        offers.remove(peer);
        dropped.add(peer);
        ask(new StateTransferEffect.PeerDropped(peer, why));
    }

    private void manifestComplete(StateTransferEvent.ManifestComplete complete, long nowMillis) {
        if (!isAbout(complete.sequenceNumber(), Stage.MANIFEST)) {
            return;
        }
        stage = Stage.PARTS;
        items = target.header().partCount();
        itemsDone = items - complete.missing().size();
        bytesDone = complete.presentBytes();
        partSizes = new TreeMap<>();
        requests = freshRequests(nowMillis);
        for (MissingPart part : complete.missing()) {
            partSizes.put(part.index(), part.sizeBytes());
            requests.add(part.index(), part.sizeBytes());
        }
    }

    private boolean isOfTarget(CheckpointOffer offer) {
        return offer.checkpointSequenceNumber() == target.checkpointSequenceNumber();
    }

    private PeerRequests freshRequests(long nowMillis) {
        List<Integer> holders = offers.entrySet().stream()
                .filter(offer -> isOfTarget(offer.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        boolean choice = !dropped.containsAll(holders);
        PeerRequests fresh = new PeerRequests();
        holders.stream()
                .filter(peer -> !choice || !dropped.contains(peer))
                .forEach(peer -> fresh.offer(peer, nowMillis));
        return fresh;
    }

    @Override
    public void tick(long nowMillis) {
        boolean wantsOffers = stage == Stage.SEEKING || stage == Stage.MANIFEST || stage == Stage.PARTS;
        if (wantsOffers && nowMillis >= nextAskMillis) {
            nextAskMillis = nowMillis + OFFER_REPEAT_MILLIS;
            ask(new StateTransferEffect.AskOffers());
        }
        if (stage == Stage.SEEKING && !mustInstall && nowMillis - seekingSinceMillis >= SEEK_PATIENCE_MILLIS) {
            stage = Stage.NOT_RUNNING;
        }
        wantsAnother = stage == Stage.SEEKING && nowMillis - seekingSinceMillis >= WISH_AFTER_MILLIS;
        if (stage == Stage.MANIFEST || stage == Stage.PARTS) {
            for (int peer : requests.stalled(STALL_MILLIS, nowMillis)) {
                drop(peer, "did not send what it offered");
            }
            if (!requests.hasPeers()) {
                seek(nowMillis);
            }
        }
        advance(nowMillis);
    }

    private void advance(long nowMillis) {
        switch (stage) {
            case NOT_RUNNING, INSTALLING -> {}
            case SEEKING -> choose(nowMillis);
            case MANIFEST ->
                requests.next(nowMillis)
                        .forEach((peer, pages) ->
                                ask(new StateTransferEffect.AskPages(peer, target.checkpointSequenceNumber(), pages)));
            case PARTS -> {
                if (requests.isDone()) {
                    stage = Stage.INSTALLING;
                    ask(new StateTransferEffect.Install(target.checkpointSequenceNumber(), lastDelivered.getAsLong()));
                } else {
                    requests.next(nowMillis)
                            .forEach((peer, parts) -> ask(
                                    new StateTransferEffect.AskParts(peer, target.checkpointSequenceNumber(), parts)));
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
        stage = Stage.MANIFEST;
        items = newest.header().pageCount();
        itemsDone = 0;
        requests = freshRequests(nowMillis);
        for (int page = 0; page < items; page++) {
            requests.add(page, 1 << 19);
        }
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
            case MANIFEST ->
                new StateTransferState.FetchingManifest(target.checkpointSequenceNumber(), itemsDone, items);
            case PARTS ->
                new StateTransferState.FetchingParts(
                        target.checkpointSequenceNumber(),
                        itemsDone,
                        items,
                        bytesDone,
                        target.header().sizeBytes());
            case INSTALLING -> new StateTransferState.Installing(target.checkpointSequenceNumber());
        };
    }

    @Override
    public CheckpointOffer target() {
        return target;
    }
}
