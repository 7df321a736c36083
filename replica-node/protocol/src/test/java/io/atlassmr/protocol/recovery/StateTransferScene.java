package io.atlassmr.protocol.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.fixture.Cluster;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.transfer.CheckpointOffer;
import io.atlassmr.protocol.transfer.StateTransferEffect;
import io.atlassmr.protocol.transfer.StateTransferEffect.AskParts;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.transfer.StateTransferEvent.ManifestComplete;
import io.atlassmr.protocol.transfer.StateTransferEvent.MissingPart;
import io.atlassmr.protocol.transfer.StateTransferEvent.OfferReceived;
import io.atlassmr.protocol.transfer.StateTransferEvent.PageStored;
import io.atlassmr.protocol.transfer.StateTransferEvent.PartsMissing;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A replica that has delivered 50 decisions, with peers of which one may lie. Checkpoints have two pages and four parts of 1 MiB. */
abstract class StateTransferScene {

    static final ReconfigurationState RECONFIGURATION =
            Cluster.initial(Members.of(4).membership(), 32);

    static final int MIB = 1 << 20;

    final Outbox outbox = new Outbox();
    final StateTransfer transfer = new StateTransfer(2, outbox, () -> 50);
    long now = 1_000_000;

    static Certificate certificate(long sequenceNumber) {
        return new Certificate(0, sequenceNumber, Digest.ZERO, List.of());
    }

    static CheckpointHeader header(long sequenceNumber) {
        return new CheckpointHeader(sequenceNumber, 0, Digest.ZERO, RECONFIGURATION, 2, Digest.ZERO, 4, 4L * MIB);
    }

    /** What a peer offers whose newest checkpoint is this one, 0 for none. */
    static CheckpointOffer offer(long sequenceNumber) {
        return sequenceNumber == 0
                ? new CheckpointOffer(null, null, null)
                : new CheckpointOffer(certificate(sequenceNumber), header(sequenceNumber), null);
    }

    /** What the transfer wants done, since it was asked last. */
    List<StateTransferEffect> effects() {
        List<StateTransferEffect> effects = new ArrayList<>();
        for (ProtocolEffect effect : outbox.drain()) {
            effects.add(assertInstanceOf(ProtocolEffect.Transfer.class, effect).effect());
        }
        return effects;
    }

    /** What it wants done once these happened. */
    List<StateTransferEffect> after(StateTransferEvent... events) {
        for (StateTransferEvent event : events) {
            transfer.receive(event, now);
        }
        return effects();
    }

    /** What it wants done so much later. */
    List<StateTransferEffect> afterMillis(long millis) {
        now += millis;
        transfer.tick(now);
        return effects();
    }

    /** What it wants done once it was started. */
    List<StateTransferEffect> started() {
        transfer.start(51, now);
        return effects();
    }

    static PartsMissing missing(long sequenceNumber, int... indexes) {
        return new PartsMissing(
                sequenceNumber,
                IntStream.of(indexes).mapToObj(i -> new MissingPart(i, MIB)).toList());
    }

    /** What the last of both pages says. */
    List<StateTransferEffect> described(int firstPageFrom, int secondPageFrom, int... missing) {
        return after(
                new PageStored(firstPageFrom, 100, 0),
                new PageStored(secondPageFrom, 100, 1),
                missing(100, missing),
                new ManifestComplete(100, (4L - missing.length) * MIB));
    }

    /** Peers 1 and 2 offer checkpoint 100, its manifest is here, and all of its parts are asked for. */
    void fetchingParts() {
        started();
        after(new OfferReceived(1, offer(100)), new OfferReceived(2, offer(100)));
        List<StateTransferEffect> asked = described(1, 2, 0, 1, 2, 3);
        assertEquals(List.of(new AskParts(1, 100, List.of(0, 2)), new AskParts(2, 100, List.of(1, 3))), asked);
    }
}
