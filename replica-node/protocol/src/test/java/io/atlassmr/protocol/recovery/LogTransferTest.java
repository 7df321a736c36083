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
                        new RequestDecisions(1, 1, 256),
                        new RequestDecisions(2, 257, 512),
                        new RequestDecisions(3, 513, 768),
                        new RequestDecisions(4, 769, 1024)),
                asked(0, START));
        assertEquals(List.of(), asked(0, START + 1));
    }

    @Test
    void theNextRangeIsAskedOfThePeerWhoseTurnItIs() {
        everybodyHas(1, 5000);
        assertEquals(4, asked(0, START).size());
        assertEquals(256, transfer.receive(1, decisions(1, 256), 0).size());
        assertEquals(List.of(new RequestDecisions(5, 1025, 1280)), asked(256, START + 1));
    }

    @Test
    void onlyPeersThatHaveARangeAreAskedForIt() {
        transfer.heard(1, 1, 200);
        transfer.heard(2, 300, 5000);
        assertEquals(List.of(new RequestDecisions(1, 1, 256)), asked(0, START));
    }

    @Test
    void whatAnAnswerLeftOutIsAskedForAgain() {
        everybodyHas(1, 200);
        assertEquals(List.of(new RequestDecisions(1, 1, 256)), asked(0, START));
        assertEquals(100, transfer.receive(1, decisions(1, 100), 0).size());
        assertEquals(List.of(new RequestDecisions(2, 101, 356)), asked(100, START + 200));
    }

    @Test
    void answersThatComeInAnotherOrderArePutInOrder() {
        everybodyHas(1, 5000);
        assertEquals(4, asked(0, START).size());
        assertEquals(List.of(), transfer.receive(3, decisions(513, 768), 0));
        assertEquals(List.of(), transfer.receive(2, decisions(257, 512), 0));
        List<Decision> next = transfer.receive(1, decisions(1, 256), 0);
        assertEquals(LongStream.rangeClosed(1, 768).boxed().toList(), places(next));
    }

    @Test
    void whatIsHereIsNotTakenTwice() {
        assertEquals(List.of(1L, 2L), places(transfer.receive(1, decisions(1, 2), 0)));
        assertEquals(List.of(3L), places(transfer.receive(2, decisions(1, 3), 2)));
        assertEquals(List.of(), transfer.receive(2, decisions(1, 3), 3));
    }

    @Test
    void aGapHoldsBackWhatFollows() {
        assertEquals(List.of(), transfer.receive(1, decisions(3, 4), 1));
        assertEquals(List.of(2L, 3L, 4L), places(transfer.receive(2, decisions(2, 2), 1)));
    }

    @Test
    void whatWasDeliveredMeanwhileIsLeft() {
        assertEquals(List.of(), transfer.receive(1, decisions(3, 6), 1));
        assertEquals(List.of(5L, 6L), places(transfer.receive(1, List.of(), 4)));
    }

    @Test
    void decisionsFarAheadAreNotKept() {
        assertEquals(List.of(), transfer.receive(1, decisions(1025, 1030), 0));
        assertEquals(1024, transfer.receive(1, decisions(1, 1024), 0).size());
    }

    @Test
    void onlySoManyBytesWaitBehindAGapAndTheNextDecisionAlwaysHasRoom() {
        Batch large = BatchCodec.encode(1, List.of(Bundles.bundleOfSize(1, 1, 4_000_000)));
        int most = (64 << 20) / large.encoded().length;
        List<Decision> ahead = new ArrayList<>();
        for (long s = 2; s <= 40; s++) {
            ahead.add(decision(s, large));
        }
        assertEquals(List.of(), transfer.receive(1, ahead, 0));
        List<Decision> next = transfer.receive(2, List.of(decision(1, large)), 0);
        assertEquals(LongStream.rangeClosed(1, most + 1).boxed().toList(), places(next));
    }

    @Test
    void aSilentPeerIsPassedOverForAnother() {
        transfer.heard(1, 1, 200);
        transfer.heard(2, 1, 200);
        assertEquals(List.of(new RequestDecisions(1, 1, 256)), asked(0, START));
        assertEquals(List.of(), asked(0, START + 499));
        assertEquals(List.of(new RequestDecisions(2, 1, 256)), asked(0, START + 500));
        transfer.receive(2, decisions(1, 100), 0);
        assertEquals(List.of(new RequestDecisions(2, 101, 356)), asked(100, START + 700));
    }

    @Test
    void theOnlyPeerIsAskedEvenIfItWasSilent() {
        transfer.heard(1, 1, 200);
        assertEquals(1, asked(0, START).size());
        assertEquals(List.of(new RequestDecisions(1, 1, 256)), asked(0, START + 500));
    }

    @Test
    void aLiarThatAnswersNothingDelaysNobodyElsesRanges() {
        everybodyHas(1, 5000);
        assertEquals(4, asked(0, START).size());
        assertEquals(List.of(), transfer.receive(1, List.of(), 0));
        assertEquals(List.of(new RequestDecisions(5, 1, 256)), asked(0, START + 1));
    }

    @Test
    void whoDeliversByItselfAsksForNothingWithinAWindow() {
        transfer.heard(1, 1, 32);
        transfer.pursue(1, true, START);
        assertEquals(List.of(), outbox.drain());
        assertEquals(List.of(), asked(1, START + 149));
        assertEquals(List.of(new RequestDecisions(1, 2, 257)), asked(1, START + 150));
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
