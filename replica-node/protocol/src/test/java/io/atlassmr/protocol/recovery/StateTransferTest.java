package io.atlassmr.protocol.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.transfer.StateTransferEffect;
import io.atlassmr.protocol.transfer.StateTransferEffect.AskOffers;
import io.atlassmr.protocol.transfer.StateTransferEffect.AskPages;
import io.atlassmr.protocol.transfer.StateTransferEffect.AskParts;
import io.atlassmr.protocol.transfer.StateTransferEffect.Begin;
import io.atlassmr.protocol.transfer.StateTransferEffect.Install;
import io.atlassmr.protocol.transfer.StateTransferEffect.PeerDropped;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.transfer.StateTransferEvent.Failed;
import io.atlassmr.protocol.transfer.StateTransferEvent.Installed;
import io.atlassmr.protocol.transfer.StateTransferEvent.ManifestComplete;
import io.atlassmr.protocol.transfer.StateTransferEvent.NotKept;
import io.atlassmr.protocol.transfer.StateTransferEvent.OfferReceived;
import io.atlassmr.protocol.transfer.StateTransferEvent.PageStored;
import io.atlassmr.protocol.transfer.StateTransferEvent.PartsStored;
import io.atlassmr.protocol.transfer.StateTransferEvent.Refused;
import io.atlassmr.protocol.transfer.StateTransferState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A transfer from its start to the installation, and what comes in between. */
class StateTransferTest extends StateTransferScene {

    @Test
    void itDoesNotRunBeforeItIsStarted() {
        assertEquals(new StateTransferState.NotRunning(), transfer.state());
        assertNull(transfer.target());
        assertEquals(List.of(), after(new OfferReceived(1, offer(100)), new OfferReceived(2, offer(100))));
        assertEquals(List.of(), afterMillis(10_000));
    }

    @Test
    void itAsksForOffersAgainAndAgain() {
        assertEquals(List.of(new AskOffers()), started());
        assertEquals(new StateTransferState.Seeking(), transfer.state());
        assertEquals(List.of(), afterMillis(499));
        assertEquals(List.of(new AskOffers()), afterMillis(1));
    }

    @Test
    void startingItAgainChangesNothing() {
        started();
        transfer.start(500, now);
        assertEquals(List.of(), effects());
    }

    @Test
    void fromOffersToInstallation() {
        started();
        assertEquals(List.of(), after(new OfferReceived(1, offer(100))));
        assertEquals(
                List.of(
                        new Begin(certificate(100), header(100)),
                        new AskPages(1, 100, List.of(0)),
                        new AskPages(2, 100, List.of(1))),
                after(new OfferReceived(2, offer(100))));
        assertEquals(new StateTransferState.FetchingManifest(100, 0, 2), transfer.state());
        assertEquals(List.of(), after(new PageStored(1, 100, 0)));
        assertEquals(new StateTransferState.FetchingManifest(100, 1, 2), transfer.state());
        assertEquals(
                List.of(new AskParts(1, 100, List.of(1)), new AskParts(2, 100, List.of(3))),
                after(new PageStored(2, 100, 1), missing(100, 1, 3), new ManifestComplete(100, 2 * MIB)));
        assertEquals(new StateTransferState.FetchingParts(100, 2, 4, 2 * MIB, 4 * MIB), transfer.state());
        assertEquals(List.of(), after(new PartsStored(2, 100, List.of(3))));
        assertEquals(new StateTransferState.FetchingParts(100, 3, 4, 3 * MIB, 4 * MIB), transfer.state());
        assertEquals(List.of(new Install(100, 50)), after(new PartsStored(1, 100, List.of(1))));
        assertEquals(new StateTransferState.Installing(100), transfer.state());
        assertEquals(List.of(), after(new Installed(100, 100, RECONFIGURATION)));
        assertEquals(new StateTransferState.NotRunning(), transfer.state());
        assertEquals(offer(100), transfer.target());
    }

    @Test
    void aStateThatIsHereAlreadyIsInstalledAtOnce() {
        started();
        after(new OfferReceived(1, offer(100)), new OfferReceived(2, offer(100)));
        assertEquals(List.of(new Install(100, 50)), described(1, 2));
    }

    @Test
    void aPageThatOnlyAnEarlierAttemptHadIsFetchedByAnother() {
        started();
        after(new OfferReceived(1, offer(100)), new OfferReceived(2, offer(100)));
        // Reported late: what is gathered since the beginning has neither, and so never is a whole manifest.
        after(new PageStored(1, 100, 0), new PageStored(2, 100, 1));
        assertInstanceOf(StateTransferState.FetchingManifest.class, transfer.state());
        afterMillis(1);
        assertInstanceOf(StateTransferState.FetchingManifest.class, transfer.state());
        afterMillis(29_999);
        assertInstanceOf(StateTransferState.FetchingManifest.class, transfer.state());
        afterMillis(1);
        assertInstanceOf(StateTransferState.Seeking.class, transfer.state());
        List<StateTransferEffect> again = after(new OfferReceived(1, offer(100)), new OfferReceived(2, offer(100)));
        assertEquals(
                List.of(
                        new Begin(certificate(100), header(100)),
                        new AskPages(1, 100, List.of(0)),
                        new AskPages(2, 100, List.of(1))),
                again);
    }

    @Test
    void partsAreAskedForWhilePagesAreStillToCome() {
        started();
        after(new OfferReceived(1, offer(100)), new OfferReceived(2, offer(100)));
        assertEquals(List.of(), after(new PageStored(1, 100, 0)));
        assertEquals(
                List.of(new AskParts(1, 100, List.of(0)), new AskParts(2, 100, List.of(1))), after(missing(100, 0, 1)));
        assertEquals(new StateTransferState.FetchingManifest(100, 1, 2), transfer.state());
        assertEquals(List.of(), after(new PartsStored(1, 100, List.of(0)), new PartsStored(2, 100, List.of(1))));
        assertEquals(List.of(), after(new PageStored(2, 100, 1)));
        assertEquals(List.of(new AskParts(1, 100, List.of(3))), after(missing(100, 3)));
        assertEquals(List.of(), after(new ManifestComplete(100, MIB)));
        assertEquals(new StateTransferState.FetchingParts(100, 3, 4, 3 * MIB, 4 * MIB), transfer.state());
        assertEquals(List.of(new Install(100, 50)), after(new PartsStored(1, 100, List.of(3))));
    }

    @Test
    void whatIsHereOfSomePagesIsNotInstalledBeforeAllPagesAreHere() {
        started();
        after(new OfferReceived(1, offer(100)), new OfferReceived(2, offer(100)));
        after(new PageStored(1, 100, 0), missing(100, 0), new PartsStored(1, 100, List.of(0)));
        assertEquals(new StateTransferState.FetchingManifest(100, 1, 2), transfer.state());
        assertEquals(List.of(new Install(100, 50)), after(new PageStored(2, 100, 1), new ManifestComplete(100, 0)));
    }

    @Test
    void aPeerThatSendsPartsIsNotDroppedForThePageThatComesAfterThem() {
        started();
        after(new OfferReceived(1, offer(100)), new OfferReceived(2, offer(0)));
        assertEquals(
                List.of(new AskParts(1, 100, List.of(0, 1))), after(new PageStored(1, 100, 0), missing(100, 0, 1)));
        now += 10_000;
        assertEquals(List.of(), after(new PartsStored(1, 100, List.of(0))));
        assertEquals(List.of(new AskOffers()), afterMillis(10_999));
        assertEquals(List.of(new PeerDropped(1, "did not send what it offered")), afterMillis(1));
    }

    @Test
    void theNewestOfferIsTaken() {
        started();
        assertEquals(
                List.of(new Begin(certificate(200), header(200)), new AskPages(2, 200, List.of(0, 1))),
                after(new OfferReceived(1, offer(100)), new OfferReceived(2, offer(200))));
    }

    @Test
    void whenNobodyElseSpeaksOneOfferIsTakenAfterAWhile() {
        started();
        assertEquals(List.of(), after(new OfferReceived(1, offer(100))));
        assertEquals(List.of(), afterMillis(199));
        assertEquals(new Begin(certificate(100), header(100)), afterMillis(1).getFirst());
    }

    @Test
    void anOfferBelowWhatIsNeededIsNotTaken() {
        started();
        assertEquals(List.of(), after(new OfferReceived(1, offer(50)), new OfferReceived(2, offer(0))));
        assertEquals(List.of(new AskOffers()), afterMillis(9000));
        assertEquals(
                new Begin(certificate(51), header(51)),
                after(new OfferReceived(1, offer(51))).getFirst());
    }

    @Test
    void withoutAnOfferThatServesItWishesForAnotherCheckpointAndEndsInTheEnd() {
        started();
        after(new OfferReceived(1, offer(50)), new OfferReceived(2, offer(0)));
        afterMillis(1999);
        assertFalse(transfer.wantsAnother());
        afterMillis(1);
        assertTrue(transfer.wantsAnother());
        afterMillis(7999);
        assertEquals(new StateTransferState.Seeking(), transfer.state());
        afterMillis(1);
        assertEquals(new StateTransferState.NotRunning(), transfer.state());
        assertFalse(transfer.wantsAnother());
    }

    @Test
    void afterAnInstallationThatFailedItDoesNotEndWithoutAnother() {
        fetchingParts();
        for (int part = 0; part < 4; part++) {
            after(new PartsStored(1 + part % 2, 100, List.of(part)));
        }
        assertEquals(new StateTransferState.Installing(100), transfer.state());
        after(new Failed(100, "the disk is full"));
        afterMillis(60_000);
        assertEquals(new StateTransferState.Seeking(), transfer.state());
    }

    @Test
    void whatIsSaidOfAnotherCheckpointIsIgnored() {
        fetchingParts();
        assertEquals(
                List.of(),
                after(
                        new NotKept(1, 90),
                        new Refused(1, 90, "a lie"),
                        new PartsStored(1, 90, List.of(0)),
                        new PageStored(1, 90, 0),
                        missing(90, 0),
                        new ManifestComplete(90, 0),
                        new Failed(90, "disk full"),
                        new Installed(90, 90, RECONFIGURATION)));
        assertEquals(new StateTransferState.FetchingParts(100, 0, 4, 0, 4 * MIB), transfer.state());
    }

    @Test
    void aFailureOfItsOwnIsFollowedByAnotherAttemptLater() {
        fetchingParts();
        assertEquals(List.of(), after(new Failed(100, "disk full")));
        assertEquals(new StateTransferState.Seeking(), transfer.state());
        assertEquals(List.of(), afterMillis(1999));
        assertEquals(List.of(new AskOffers()), afterMillis(1));
        assertEquals(
                new Begin(certificate(100), header(100)),
                after(new OfferReceived(1, offer(100)), new OfferReceived(2, offer(100)))
                        .getFirst());
    }

    @Test
    void aFailedInstallationIsTriedAgainToo() {
        fetchingParts();
        after(
                new PartsStored(1, 100, List.of(0)),
                new PartsStored(1, 100, List.of(2)),
                new PartsStored(2, 100, List.of(1)));
        assertEquals(List.of(new Install(100, 50)), after(new PartsStored(2, 100, List.of(3))));
        after(new Failed(100, "decision 101 is not in the log"));
        assertEquals(new StateTransferState.Seeking(), transfer.state());
    }

    @Test
    void aFailureAfterTheEndStartsNothing() {
        fetchingParts();
        after(
                new PartsStored(1, 100, List.of(0)),
                new PartsStored(1, 100, List.of(2)),
                new PartsStored(2, 100, List.of(1)),
                new PartsStored(2, 100, List.of(3)),
                new Installed(100, 100, RECONFIGURATION));
        after(new Failed(100, "too late"));
        assertEquals(new StateTransferState.NotRunning(), transfer.state());
    }

    @Test
    void duringTheInstallationNobodyIsAskedForAnything() {
        fetchingParts();
        after(
                new PartsStored(1, 100, List.of(0)),
                new PartsStored(1, 100, List.of(2)),
                new PartsStored(2, 100, List.of(1)),
                new PartsStored(2, 100, List.of(3)));
        assertEquals(List.of(), afterMillis(60_000));
        assertEquals(
                List.of(), after(new OfferReceived(1, offer(300)), new NotKept(1, 100), new Refused(2, 100, "late")));
        assertEquals(new StateTransferState.Installing(100), transfer.state());
    }

    @Test
    void aPartCountsOnce() {
        fetchingParts();
        after(
                new PartsStored(1, 100, List.of(0)),
                new PartsStored(2, 100, List.of(0)),
                new PartsStored(1, 100, List.of(0)));
        assertEquals(new StateTransferState.FetchingParts(100, 1, 4, MIB, 4 * MIB), transfer.state());
    }

    @Test
    void aSecondTransferCanFollow() {
        fetchingParts();
        after(
                new PartsStored(1, 100, List.of(0)),
                new PartsStored(1, 100, List.of(2)),
                new PartsStored(2, 100, List.of(1)),
                new PartsStored(2, 100, List.of(3)),
                new Installed(100, 100, RECONFIGURATION));
        transfer.start(300, now);
        assertEquals(List.of(new AskOffers()), effects());
        assertEquals(List.of(), after(new OfferReceived(1, offer(200)), new OfferReceived(2, offer(200))));
    }

    @Test
    void aPageThatCameInShortAndCannotBeToldIsAskedForAgain() {
        started();
        after(new OfferReceived(1, offer(100)), new OfferReceived(2, offer(100)));
        assertEquals(
                List.of(new AskPages(1, 100, List.of(0))), after(new StateTransferEvent.PageUnresolved(1, 100, 0)));
        assertEquals(List.of(), after(new StateTransferEvent.PageUnresolved(1, 99, 0)));
    }
}
