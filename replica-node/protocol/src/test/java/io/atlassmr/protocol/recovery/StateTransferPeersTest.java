package io.atlassmr.protocol.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.protocol.transfer.StateTransferEffect;
import io.atlassmr.protocol.transfer.StateTransferEffect.AskOffers;
import io.atlassmr.protocol.transfer.StateTransferEffect.AskPages;
import io.atlassmr.protocol.transfer.StateTransferEffect.AskParts;
import io.atlassmr.protocol.transfer.StateTransferEffect.Begin;
import io.atlassmr.protocol.transfer.StateTransferEffect.PeerDropped;
import io.atlassmr.protocol.transfer.StateTransferEvent.NotKept;
import io.atlassmr.protocol.transfer.StateTransferEvent.OfferReceived;
import io.atlassmr.protocol.transfer.StateTransferEvent.PartsStored;
import io.atlassmr.protocol.transfer.StateTransferEvent.Refused;
import io.atlassmr.protocol.transfer.StateTransferState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a transfer asks: who offers what is fetched, and neither lies, nor stalls, nor has it no longer. */
class StateTransferPeersTest extends StateTransferScene {

    @Test
    void aPeerThatOffersTheSameLaterHelps() {
        started();
        after(new OfferReceived(1, offer(100)));
        assertEquals(
                List.of(new Begin(certificate(100), header(100)), new AskPages(1, 100, List.of(0, 1))),
                afterMillis(200));
        after(new OfferReceived(2, offer(100)));
        assertEquals(
                List.of(new AskParts(1, 100, List.of(0, 2)), new AskParts(2, 100, List.of(1, 3))),
                described(1, 1, 0, 1, 2, 3));
    }

    @Test
    void oneThatOffersAnotherDoesNot() {
        started();
        after(new OfferReceived(1, offer(100)), new OfferReceived(2, offer(0)));
        after(new OfferReceived(3, offer(200)));
        assertEquals(List.of(new AskParts(1, 100, List.of(0, 1))), described(1, 1, 0, 1));
    }

    @Test
    void aLiarIsDroppedAndWhatItOwedIsAskedOfTheOthers() {
        fetchingParts();
        assertEquals(
                List.of(new PeerDropped(1, "part 0 is not the certificate's"), new AskParts(2, 100, List.of(0, 2))),
                after(new Refused(1, 100, "part 0 is not the certificate's")));
    }

    @Test
    void aLiarIsNotAskedAgainInThisTransfer() {
        fetchingParts();
        after(new Refused(1, 100, "a lie"));
        assertEquals(List.of(), after(new OfferReceived(1, offer(100))));
    }

    @Test
    void aLiarInTheManifestIsNotAskedForParts() {
        started();
        after(new OfferReceived(1, offer(100)), new OfferReceived(2, offer(100)));
        assertEquals(
                List.of(new PeerDropped(2, "a lie"), new AskPages(1, 100, List.of(1))),
                after(new Refused(2, 100, "a lie")));
        assertEquals(List.of(new AskParts(1, 100, List.of(0, 1))), described(1, 1, 0, 1));
    }

    @Test
    void aPeerThatSendsNothingIsDropped() {
        fetchingParts();
        now += 18_000;
        after(new PartsStored(2, 100, List.of(1)));
        assertEquals(List.of(new AskOffers()), afterMillis(999));
        assertEquals(
                List.of(new PeerDropped(1, "did not send what it offered"), new AskParts(2, 100, List.of(0, 2))),
                afterMillis(1));
    }

    @Test
    void aPeerThatSendsTheSameOverAndOverIsDroppedToo() {
        fetchingParts();
        after(new PartsStored(1, 100, List.of(0)));
        List<StateTransferEffect> effects = new ArrayList<>();
        for (int i = 0; i < 19; i++) {
            now += 1000;
            effects.addAll(after(
                    new PartsStored(1, 100, List.of(0)),
                    new PartsStored(2, 100, List.of(1)),
                    new PartsStored(2, 100, List.of(3))));
            transfer.tick(now);
            effects.addAll(effects());
        }
        effects.removeIf(effect -> effect instanceof AskOffers);
        assertEquals(
                List.of(new AskParts(2, 100, List.of(2)), new PeerDropped(1, "did not send what it offered")), effects);
    }

    @Test
    void withoutPeersItSeeksAgain() {
        fetchingParts();
        after(new Refused(1, 100, "a lie"), new Refused(2, 100, "another"));
        assertEquals(List.of(), afterMillis(50));
        assertEquals(new StateTransferState.Seeking(), transfer.state());
        assertEquals(List.of(new AskOffers()), afterMillis(50));
        assertEquals(
                new Begin(certificate(100), header(100)),
                after(new OfferReceived(2, offer(100)), new OfferReceived(3, offer(100)))
                        .getFirst());
    }

    @Test
    void itGoesOnWithANewerCheckpointWhenThePeersKeepThisOneNoLonger() {
        fetchingParts();
        after(new NotKept(1, 100));
        assertEquals(new StateTransferState.FetchingParts(100, 0, 4, 0, 4 * MIB), transfer.state());
        after(new NotKept(2, 100));
        assertEquals(new StateTransferState.Seeking(), transfer.state());
        assertEquals(
                List.of(
                        new Begin(certificate(200), header(200)),
                        new AskPages(1, 200, List.of(0)),
                        new AskPages(2, 200, List.of(1))),
                after(new OfferReceived(1, offer(200)), new OfferReceived(2, offer(200))));
    }

    @Test
    void whoStalledBeforeTheCheckpointMovedOnIsNotAskedForTheNewerOne() {
        fetchingParts();
        now += 18_000;
        after(new PartsStored(2, 100, List.of(1)), new PartsStored(2, 100, List.of(3)));
        afterMillis(1000);
        after(new NotKept(2, 100));
        assertEquals(new StateTransferState.Seeking(), transfer.state());
        assertEquals(
                List.of(new Begin(certificate(200), header(200)), new AskPages(2, 200, List.of(0, 1))),
                after(new OfferReceived(1, offer(200)), new OfferReceived(2, offer(200))));
    }

    @Test
    void whoStalledIsNotFollowedToACheckpointOfItsOwn() {
        fetchingParts();
        after(new Refused(1, 100, "a lie"), new NotKept(2, 100));
        assertEquals(
                new Begin(certificate(200), header(200)),
                after(new OfferReceived(1, offer(300)), new OfferReceived(2, offer(200)))
                        .getFirst());
    }

    @Test
    void whoStalledIsAskedWhereNobodyElseCanBe() {
        fetchingParts();
        after(new Refused(1, 100, "a lie"), new NotKept(2, 100));
        after(new OfferReceived(1, offer(300)), new OfferReceived(2, offer(0)));
        assertEquals(new StateTransferState.Seeking(), transfer.state());
        assertEquals(
                List.of(new AskOffers(), new Begin(certificate(300), header(300)), new AskPages(1, 300, List.of(0, 1))),
                afterMillis(200));
    }
}
