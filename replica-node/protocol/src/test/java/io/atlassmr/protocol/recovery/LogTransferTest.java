package io.atlassmr.protocol.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.effect.ProtocolEffect.RequestDecisions;
import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A replica with a window of 32 and six peers, up to two of which lie. */
class LogTransferTest {

    private static final long START = 1_000_000;

    private final Outbox outbox = new Outbox();
    private final LogTransfer transfer = new LogTransfer(32, 3, outbox);

    private static Decision decision(long sequenceNumber, Batch batch) {
        return new Decision(new Certificate(0, sequenceNumber, batch.digest(), List.of()), batch);
    }

    private static List<Decision> decisions(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(s -> decision(s, Batch.NOOP))
                .toList();
    }

    private static List<Long> places(List<Decision> decisions) {
        return decisions.stream().map(Decision::sequenceNumber).toList();
    }

    private List<ProtocolEffect> asked(long delivered, long nowMillis) {
        transfer.pursue(delivered, true, nowMillis);
        return outbox.drain();
    }

    private List<Decision> received(int from, List<Decision> decisions, long delivered) {
        transfer.receive(from, decisions, delivered);
        return transfer.next(delivered);
    }

    private void everybodyHas(long first, long last) {
        for (int peer = 1; peer <= 6; peer++) {
            transfer.heard(peer, first, last);
        }
    }

    @Test
    void nothingIsMissingAtFirst() {
        assertEquals(0, transfer.target());
        assertEquals(0, transfer.answeredUpTo());
        assertFalse(transfer.needsState(0, START));
        assertEquals(List.of(), asked(0, START));
    }

    @Test
    void anHonestPeersWordIsTheHighestThatEnoughPeersReach() {
        transfer.heard(1, 1, Long.MAX_VALUE);
        transfer.heard(2, 1, Long.MAX_VALUE - 1);
        assertEquals(0, transfer.target());
        transfer.heard(3, 1, 40);
        assertEquals(40, transfer.target());
    }

    @Test
    void whoIsNoPeerAnyMoreIsNeitherCountedNorAsked() {
        everybodyHas(1, 100);
        transfer.forget(peer -> peer > 2);
        assertEquals(0, transfer.target());
        transfer.heard(3, 1, 100);
        assertEquals(100, transfer.target());
        transfer.forget(peer -> peer == 3);
        assertEquals(List.of(new RequestDecisions(1, 1, 64), new RequestDecisions(2, 65, 128)), asked(0, START));
    }

    @Test
    void clientsHaveAnswersOfWhatSoManyDecidedThatEnoughOfThemAreHonest() {
        for (int peer = 1; peer <= 4; peer++) {
            transfer.heard(peer, 1, 100);
        }
        assertEquals(0, transfer.answeredUpTo());
        transfer.heard(5, 1, 60);
        assertEquals(60, transfer.answeredUpTo());
    }

    @Test
    void rangesAreAskedOfSeveralPeersSideBySide() {
        everybodyHas(1, 5000);
        assertEquals(
                List.of(
                        new RequestDecisions(1, 1, 64),
                        new RequestDecisions(2, 65, 128),
                        new RequestDecisions(3, 129, 192),
                        new RequestDecisions(4, 193, 256)),
                asked(0, START));
        assertEquals(List.of(), asked(0, START + 1));
    }

    @Test
    void theNextRangeIsAskedOfThePeerWhoseTurnItIs() {
        everybodyHas(1, 5000);
        assertEquals(4, asked(0, START).size());
        assertEquals(64, received(1, decisions(1, 64), 0).size());
        assertEquals(List.of(new RequestDecisions(5, 257, 320)), asked(64, START + 1));
    }

    @Test
    void onlyPeersThatHaveARangeAreAskedForIt() {
        transfer.heard(1, 1, 200);
        transfer.heard(2, 300, 5000);
        assertEquals(List.of(new RequestDecisions(1, 1, 64)), asked(0, START));
    }

    @Test
    void whatAnAnswerLeftOutIsAskedForAgain() {
        everybodyHas(1, 200);
        assertEquals(4, asked(0, START).size());
        assertEquals(50, received(1, decisions(1, 50), 0).size());
        assertEquals(List.of(new RequestDecisions(5, 51, 114)), asked(50, START + 200));
    }

    @Test
    void answersThatComeInAnotherOrderArePutInOrder() {
        everybodyHas(1, 5000);
        assertEquals(4, asked(0, START).size());
        assertEquals(List.of(), received(3, decisions(129, 192), 0));
        assertEquals(List.of(), received(2, decisions(65, 128), 0));
        List<Decision> next = received(1, decisions(1, 64), 0);
        assertEquals(LongStream.rangeClosed(1, 192).boxed().toList(), places(next));
    }

    @Test
    void whatIsHereIsNotTakenTwice() {
        assertEquals(List.of(1L, 2L), places(received(1, decisions(1, 2), 0)));
        assertEquals(List.of(3L), places(received(2, decisions(1, 3), 2)));
        assertEquals(List.of(), received(2, decisions(1, 3), 3));
    }

    @Test
    void whatCouldNotBeDeliveredYetIsKept() {
        everybodyHas(1, 5000);
        List<Decision> next = received(1, decisions(1, 5), 0);
        transfer.putBack(next, 3);
        assertEquals(new RequestDecisions(1, 6, 69), asked(3, START).getFirst());
        assertEquals(List.of(4L, 5L), places(transfer.next(3)));
        assertEquals(List.of(), transfer.next(5));
    }

    @Test
    void aGapHoldsBackWhatFollows() {
        assertEquals(List.of(), received(1, decisions(3, 4), 1));
        assertEquals(List.of(2L, 3L, 4L), places(received(2, decisions(2, 2), 1)));
    }

    @Test
    void whatWasDeliveredMeanwhileIsLeft() {
        assertEquals(List.of(), received(1, decisions(3, 6), 1));
        assertEquals(List.of(5L, 6L), places(received(1, List.of(), 4)));
    }

    @Test
    void decisionsFarAheadAreNotKept() {
        assertEquals(List.of(), received(1, decisions(1025, 1030), 0));
        assertEquals(1024, received(1, decisions(1, 1024), 0).size());
    }

    @Test
    void onlySoManyBytesWaitBehindAGapAndTheNextDecisionAlwaysHasRoom() {
        Batch large = BatchCodec.encode(1, List.of(Bundles.bundleOfSize(1, 1, 4_000_000)));
        int most = (64 << 20) / large.encoded().length;
        List<Decision> ahead = new ArrayList<>();
        for (long s = 2; s <= 40; s++) {
            ahead.add(decision(s, large));
        }
        assertEquals(List.of(), received(1, ahead, 0));
        List<Decision> next = received(2, List.of(decision(1, large)), 0);
        assertEquals(LongStream.rangeClosed(1, most + 1).boxed().toList(), places(next));
    }

    @Test
    void aSilentPeerIsPassedOverForAnother() {
        transfer.heard(1, 1, 60);
        transfer.heard(2, 1, 60);
        assertEquals(List.of(new RequestDecisions(1, 1, 64)), asked(0, START));
        assertEquals(List.of(), asked(0, START + 999));
        assertEquals(List.of(new RequestDecisions(2, 1, 64)), asked(0, START + 1000));
        received(2, decisions(1, 50), 0);
        assertEquals(List.of(), asked(50, START + 1200));
        assertEquals(List.of(new RequestDecisions(2, 51, 178)), asked(50, START + 1350));
    }

    @Test
    void theOnlyPeerIsAskedEvenIfItWasSilent() {
        transfer.heard(1, 1, 200);
        assertEquals(1, asked(0, START).size());
        assertEquals(List.of(new RequestDecisions(1, 1, 32)), asked(0, START + 1000));
    }

    @Test
    void aPeerThatIsLateIsAskedForLessAndGivenLonger() {
        transfer.heard(1, 1, 5000);
        assertEquals(1, asked(0, START).size());
        assertEquals(List.of(new RequestDecisions(1, 1, 32)), asked(0, START + 1000));
        assertEquals(List.of(), asked(0, START + 2999));
        assertEquals(List.of(new RequestDecisions(1, 1, 16)), asked(0, START + 3000));
    }

    @Test
    void aPeerThatIsFastIsAskedForMore() {
        transfer.heard(1, 1, 5000);
        assertEquals(List.of(new RequestDecisions(1, 1, 64)), asked(0, START));
        received(1, decisions(1, 64), 0);
        assertEquals(List.of(new RequestDecisions(1, 65, 192)), asked(64, START + 250));
        received(1, decisions(65, 192), 64);
        assertEquals(List.of(new RequestDecisions(1, 193, 448)), asked(192, START + 500));
        received(1, decisions(193, 448), 192);
        assertEquals(List.of(new RequestDecisions(1, 449, 704)), asked(448, START + 751));
        received(1, decisions(449, 704), 448);
        assertEquals(List.of(new RequestDecisions(1, 705, 960)), asked(704, START + 1500));
    }

    @Test
    void whatItAsksForAndHowLongItWaitsAreBounded() {
        transfer.heard(1, 1, 5000);
        long now = START;
        for (int i = 0; i < 20; i++) {
            asked(0, now);
            now += 60_000;
        }
        assertEquals(List.of(new RequestDecisions(1, 1, 16)), asked(0, now));
        assertEquals(List.of(), asked(0, now + 7999));
        assertEquals(List.of(new RequestDecisions(1, 1, 16)), asked(0, now + 8000));
    }

    @Test
    void anAnswerThatComesTooLateIsUsedAllTheSame() {
        transfer.heard(1, 1, 60);
        transfer.heard(2, 1, 60);
        assertEquals(List.of(new RequestDecisions(1, 1, 64)), asked(0, START));
        assertEquals(List.of(new RequestDecisions(2, 1, 64)), asked(0, START + 1000));
        assertEquals(60, received(1, decisions(1, 60), 0).size());
    }

    @Test
    void whatWasFetchedAboveAGapIsThereWhenSomethingElseClosesIt() {
        everybodyHas(1, 160);
        assertEquals(List.of(), received(2, decisions(140, 160), 100));
        assertEquals(List.of(), transfer.next(138));
        assertEquals(LongStream.rangeClosed(140, 160).boxed().toList(), places(transfer.next(139)));
        assertEquals(List.of(), transfer.next(139));
    }

    @Test
    void whoOwesTheNextDecisionCountsAsNotHavingIt() {
        pruned(2);
        transfer.heard(4, 1, 100);
        assertFalse(transfer.needsState(50, START));
        assertEquals(new RequestDecisions(4, 51, 114), asked(50, START + 200).getFirst());
        asked(50, START + 1200);
        assertFalse(transfer.needsState(50, START + 1200));
        assertTrue(transfer.needsState(50, START + 4200));
        assertEquals(10, received(4, decisions(51, 60), 50).size());
        assertFalse(transfer.needsState(60, START + 4300));
    }

    @Test
    void aLiarThatAnswersNothingDelaysNobodyElsesRanges() {
        everybodyHas(1, 5000);
        assertEquals(4, asked(0, START).size());
        assertEquals(List.of(), received(1, List.of(), 0));
        assertEquals(List.of(new RequestDecisions(5, 1, 64)), asked(0, START + 1));
    }

    @Test
    void whoDeliversByItselfAsksForNothingWithinAWindow() {
        transfer.heard(1, 1, 32);
        transfer.pursue(1, true, START);
        assertEquals(List.of(), outbox.drain());
        assertEquals(List.of(), asked(1, START + 149));
        assertEquals(List.of(new RequestDecisions(1, 2, 65)), asked(1, START + 150));
    }

    @Test
    void nothingIsAskedForWithoutRoomToDeliver() {
        everybodyHas(1, 5000);
        transfer.pursue(0, false, START);
        assertEquals(List.of(), outbox.drain());
    }

    @Test
    void theStateIsNeededOnceNobodyHasTheNextDecision() {
        transfer.heard(1, 101, 200);
        transfer.heard(2, 101, 200);
        assertFalse(transfer.needsState(50, START));
        transfer.heard(3, 101, 200);
        assertTrue(transfer.needsState(50, START));
        assertFalse(transfer.needsState(100, START));
        assertFalse(transfer.needsState(200, START));
    }

    @Test
    void liarsAloneCannotMakeAReplicaFetchTheState() {
        transfer.heard(1, Long.MAX_VALUE, Long.MAX_VALUE);
        transfer.heard(2, Long.MAX_VALUE, Long.MAX_VALUE);
        assertFalse(transfer.needsState(50, START));
        assertFalse(transfer.needsState(50, START + 60_000));
    }

    @Test
    void aPeerThatStillHasTheNextDecisionIsGivenAWhileToDeliverIt() {
        pruned(3);
        transfer.heard(4, 1, 150);
        transfer.pursue(50, true, START);
        assertFalse(transfer.needsState(50, START));
        assertFalse(transfer.needsState(50, START + 2999));
        transfer.pursue(60, true, START + 2999);
        assertFalse(transfer.needsState(60, START + 3000));
    }

    @Test
    void aLiarThatClaimsEverythingCannotKeepAReplicaFromTheState() {
        pruned(3);
        transfer.heard(4, Long.MIN_VALUE, Long.MAX_VALUE);
        assertFalse(transfer.needsState(50, START));
        assertTrue(transfer.needsState(50, START + 3000));
    }

    @Test
    void theWhileBeginsAnewWhenTheNextDecisionIsLackingAgain() {
        pruned(3);
        transfer.heard(4, 1, 150);
        assertFalse(transfer.needsState(50, START));
        transfer.heard(1, 1, 200);
        assertFalse(transfer.needsState(50, START + 2000));
        transfer.heard(1, 101, 200);
        assertFalse(transfer.needsState(50, START + 4000));
        assertTrue(transfer.needsState(50, START + 7000));
    }

    @Test
    void aPeerIsServedAFewTimesInARowAndThenAtARate() {
        for (int i = 0; i < 4; i++) {
            assertTrue(transfer.mayServe(1, START));
        }
        assertFalse(transfer.mayServe(1, START));
        assertTrue(transfer.mayServe(2, START));
        assertFalse(transfer.mayServe(1, START + 9));
        assertTrue(transfer.mayServe(1, START + 10));
        assertFalse(transfer.mayServe(1, START + 10));
    }

    @Test
    void whatItDidNotUseForLongDoesNotAddUp() {
        for (int i = 0; i < 4; i++) {
            assertTrue(transfer.mayServe(1, START));
        }
        for (int i = 0; i < 4; i++) {
            assertTrue(transfer.mayServe(1, START + 60_000));
        }
        assertFalse(transfer.mayServe(1, START + 60_000));
    }

    private void pruned(int peers) {
        for (int peer = 1; peer <= peers; peer++) {
            transfer.heard(peer, 101, 200);
        }
    }
}
