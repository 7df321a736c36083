package io.atlassmr.protocol.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.LogRecord.AbstentionRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.peer.PeerMemory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replica 1 of four, with a window of 10, asks the other three. */
class AbstentionTest {

    private static final long QUESTION = 77;
    private static final long FAR = 1_000_000;

    private final Outbox outbox = new Outbox();
    private final Abstention lost = startedWith(AbstentionRecord.UNKNOWN);

    private Abstention startedWith(AbstentionRecord remembered) {
        return of(4, remembered);
    }

    private Abstention of(int members, AbstentionRecord remembered) {
        return new Abstention(new Quorum(members), 10, remembered, QUESTION, outbox);
    }

    private static Certificate at(long sequenceNumber) {
        return sequenceNumber == 0 ? null : new Certificate(0, sequenceNumber, Digest.ZERO, List.of());
    }

    private void told(int from, long view, long lastDecided) {
        lost.told(from, new PeerMemory(QUESTION, view, at(lastDecided), null));
    }

    private void toldViews(long first, long second, long third) {
        told(0, first, 100);
        told(2, second, 100);
        told(3, third, 100);
    }

    private void toldDecisions(long first, long second, long third) {
        told(0, 0, first);
        told(2, 0, second);
        told(3, 0, third);
    }

    private boolean endsAt(long stableSequenceNumber, long view) {
        lost.endIfPossible(stableSequenceNumber, view);
        return !lost.active();
    }

    private List<LogRecord> persisted() {
        List<LogRecord> records = new ArrayList<>();
        for (ProtocolEffect effect : outbox.drain()) {
            if (effect instanceof ProtocolEffect.Persist persist) {
                records.addAll(persist.records());
            }
        }
        return records;
    }

    @Test
    void aReplicaThatRemembersItsVotesDoesNotAbstain() {
        Abstention remembers = startedWith(AbstentionRecord.NONE);
        assertFalse(remembers.active());
        assertFalse(remembers.asks(0));
        assertEquals(0, remembers.until());
        assertEquals(0, remembers.untilView());
    }

    @Test
    void oneThatLostThemAbstainsAndAsks() {
        assertTrue(lost.active());
        assertTrue(lost.asks(FAR));
        assertEquals(0, lost.until());
        assertEquals(0, lost.untilView());
    }

    @Test
    void thatItAbstainsIsRememberedWhateverMadeItDoSo() {
        assertEquals(List.of(AbstentionRecord.UNKNOWN), persisted());
    }

    @Test
    void theBoundsAreNotKnownBeforeAQuorumOfPeersHasTold() {
        told(0, 0, 100);
        told(2, 0, 200);
        told(2, 0, 201);
        assertEquals(0, lost.until());
        assertFalse(endsAt(FAR, FAR));
        told(3, 0, 50);
        assertEquals(221, lost.until());
    }

    @Test
    void theFirstBoundIsTwoWindowsAboveTheHighestDecisionThatWasProven() {
        toldDecisions(100, 200, 50);
        assertEquals(220, lost.until());
    }

    @Test
    void aCheckpointProvesItsDecision() {
        lost.told(0, new PeerMemory(QUESTION, 0, at(120), at(300)));
        told(2, 0, 0);
        told(3, 0, 0);
        assertEquals(320, lost.until());
    }

    @Test
    void peersThatHaveNothingProveThatNothingWasVotedForBeyondTheFirstWindows() {
        toldDecisions(0, 0, 0);
        assertEquals(20, lost.until());
    }

    @Test
    void whatAPeerProvedBeforeIsNotTakenBack() {
        told(0, 0, 500);
        toldDecisions(1, 2, 3);
        assertEquals(520, lost.until());
    }

    @Test
    void theFirstBoundDoesNotMoveOnceItIsKnown() {
        toldDecisions(100, 200, 50);
        told(0, 0, 1_000_000);
        assertEquals(220, lost.until());
    }

    @Test
    void aViewIsLateEnoughAfterThoseOfEnoughPeers() {
        toldViews(3, 5, 4);
        assertEquals(6, lost.untilView());
    }

    @Test
    void thatAPeerMovedOnMeanwhileDoesNotRaiseTheBound() {
        toldViews(3, 5, 4);
        told(2, 9, 100);
        assertEquals(6, lost.untilView());
    }

    @Test
    void aPeerThatTellsLessLaterLowersIt() {
        toldViews(3, 900, 4);
        assertEquals(901, lost.untilView());
        told(2, 3, 100);
        assertEquals(5, lost.untilView());
    }

    @ParameterizedTest
    @CsvSource({"4, 3", "5, 3", "6, 4", "7, 5", "10, 7"})
    void soManyPeersHaveToBeNotBeyondAView(int members, int enough) {
        Abstention one = of(members, new AbstentionRecord(120, Long.MAX_VALUE));
        for (int peer = 1; peer < enough; peer++) {
            one.told(peer, new PeerMemory(QUESTION, 8, at(100), null));
        }
        assertEquals(0, one.untilView());
        one.told(enough, new PeerMemory(QUESTION, 8, at(100), null));
        assertEquals(9, one.untilView());
    }

    @Test
    void aLiarAmongMoreThanEnoughCannotRaiseTheBound() {
        Abstention one = of(7, AbstentionRecord.UNKNOWN);
        for (int peer = 1; peer <= 5; peer++) {
            one.told(peer, new PeerMemory(QUESTION, 8, at(100), null));
        }
        one.told(6, new PeerMemory(QUESTION, FAR, at(100), null));
        assertEquals(9, one.untilView());
    }

    @Test
    void anAnswerToAnEarlierQuestionDoesNotCount() {
        told(0, 3, 100);
        told(2, 3, 100);
        lost.told(3, new PeerMemory(QUESTION - 1, 3, at(100), null));
        assertEquals(0, lost.until());
    }

    @Test
    void bothBoundsHaveToBeReached() {
        toldViews(3, 3, 3);
        assertFalse(endsAt(119, 4));
        assertFalse(endsAt(120, 3));
        assertTrue(endsAt(120, 4));
        assertEquals(0, lost.until());
        assertEquals(0, lost.untilView());
    }

    @Test
    void itAsksOnUntilTheViewIsLateEnough() {
        toldViews(3, 3, 3);
        assertTrue(lost.asks(3));
        assertFalse(lost.asks(4));
    }

    @Test
    void itWantsALaterViewOnceThatIsAllThatIsMissing() {
        assertEquals(0, lost.wantsView(FAR, 3));
        toldViews(3, 3, 3);
        assertEquals(120, lost.wantsCheckpoint(119));
        assertEquals(0, lost.wantsView(119, 3));
        assertEquals(0, lost.wantsCheckpoint(120));
        assertEquals(4, lost.wantsView(120, 3));
        assertEquals(0, lost.wantsView(120, 4));
    }

    @Test
    void theBoundsAndTheEndAreRemembered() {
        toldViews(3, 3, 3);
        assertTrue(endsAt(120, 4));
        assertEquals(
                List.of(AbstentionRecord.UNKNOWN, new AbstentionRecord(120, 3), AbstentionRecord.NONE), persisted());
    }

    @Test
    void afterARestartTheBoundsAreTheSame() {
        Abstention again = startedWith(new AbstentionRecord(220, 3));
        assertEquals(220, again.until());
        assertEquals(4, again.untilView());
        again.endIfPossible(250, 4);
        assertFalse(again.active());
    }

    @Test
    void afterARestartTheSecondBoundMayStillComeDown() {
        Abstention again = startedWith(new AbstentionRecord(220, 900));
        for (int peer : List.of(0, 2, 3)) {
            again.told(peer, new PeerMemory(QUESTION, 3, null, null));
        }
        assertEquals(4, again.untilView());
    }
}
