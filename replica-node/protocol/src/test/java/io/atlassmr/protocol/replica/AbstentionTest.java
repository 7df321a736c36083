package io.atlassmr.protocol.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.transfer.CheckpointOffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A quorum of three, and a window of 10. */
class AbstentionTest {

    private final Outbox outbox = new Outbox();
    private final Abstention lost = startedWith(Abstention.UNKNOWN);

    private Abstention startedWith(long until) {
        return new Abstention(3, 10, until, outbox);
    }

    private static Certificate at(long sequenceNumber) {
        return sequenceNumber == 0 ? null : new Certificate(0, sequenceNumber, Digest.ZERO, List.of());
    }

    private static CheckpointOffer offer(long checkpoint, long lastDecided) {
        CheckpointHeader header = checkpoint == 0
                ? null
                : new CheckpointHeader(checkpoint, 0, Digest.ZERO, Digest.ZERO, 1, Digest.ZERO, 0, 0);
        return new CheckpointOffer(at(checkpoint), header, at(lastDecided));
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
        Abstention remembers = startedWith(0);
        assertFalse(remembers.active());
        assertFalse(remembers.asks());
        assertEquals(0, remembers.until());
    }

    @Test
    void oneThatLostThemAbstainsAndAsks() {
        assertTrue(lost.active());
        assertTrue(lost.asks());
        assertEquals(0, lost.until());
    }

    @Test
    void thatItAbstainsIsRememberedWhateverMadeItDoSo() {
        assertEquals(List.of(new LogRecord.AbstentionRecord(Abstention.UNKNOWN)), persisted());
    }

    @Test
    void theBoundIsNotKnownBeforeAQuorumOfPeersHasTold() {
        lost.offered(0, offer(0, 100));
        lost.offered(2, offer(0, 200));
        lost.offered(2, offer(0, 201));
        assertTrue(lost.asks());
        lost.offered(3, offer(0, 50));
        assertFalse(lost.asks());
        assertTrue(lost.active());
    }

    @Test
    void theBoundIsTwoWindowsAboveTheHighestDecisionThatWasProven() {
        List<LogRecord> unknown = persisted();
        assertEquals(1, unknown.size());
        tell(100, 200, 50);
        assertEquals(220, lost.until());
        assertEquals(List.of(new LogRecord.AbstentionRecord(220)), persisted());
    }

    @Test
    void aCheckpointProvesItsDecision() {
        lost.offered(0, offer(300, 0));
        lost.offered(2, offer(300, 120));
        lost.offered(3, offer(0, 0));
        assertEquals(320, lost.until());
    }

    @Test
    void peersThatHaveNothingProveThatNothingWasVotedForBeyondTheFirstWindows() {
        tell(0, 0, 0);
        assertEquals(20, lost.until());
    }

    @Test
    void whatAPeerProvedBeforeIsNotTakenBack() {
        lost.offered(0, offer(0, 500));
        lost.offered(0, offer(0, 1));
        lost.offered(2, offer(0, 2));
        lost.offered(3, offer(0, 3));
        assertEquals(520, lost.until());
    }

    @Test
    void theBoundDoesNotMoveOnceItIsKnown() {
        tell(100, 200, 50);
        lost.offered(0, offer(0, 1_000_000));
        assertEquals(220, lost.until());
    }

    @Test
    void onlyAStableCheckpointAtTheBoundOrAboveEndsIt() {
        tell(100, 200, 50);
        assertFalse(lost.stable(219));
        assertTrue(lost.active());
        assertTrue(lost.stable(220));
        assertFalse(lost.active());
        assertEquals(0, lost.until());
        assertEquals(new LogRecord.AbstentionRecord(0), persisted().getLast());
    }

    @Test
    void noCheckpointEndsItWhileTheBoundIsNotKnown() {
        assertFalse(lost.stable(Long.MAX_VALUE - 1));
        assertTrue(lost.active());
    }

    @Test
    void afterARestartTheBoundIsTheSame() {
        Abstention again = startedWith(220);
        assertTrue(again.active());
        assertFalse(again.asks());
        assertTrue(again.stable(250));
    }

    private void tell(long first, long second, long third) {
        lost.offered(0, offer(0, first));
        lost.offered(2, offer(0, second));
        lost.offered(3, offer(0, third));
    }
}
