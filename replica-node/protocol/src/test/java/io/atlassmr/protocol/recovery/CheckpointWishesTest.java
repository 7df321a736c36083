package io.atlassmr.protocol.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** With a window of 8, so that a peer may wish for up to 32 places ahead. */
class CheckpointWishesTest {

    private final CheckpointWishes wishes = new CheckpointWishes(8);

    @Test
    void nobodyWantsAnythingAtFirst() {
        assertEquals(0, wishes.due(100, 0));
    }

    @Test
    void aPeersWishIsDue() {
        wishes.heard(2, 120);
        assertEquals(120, wishes.due(100, 0));
    }

    @Test
    void theFarthestWishOfAllServesTheOthersToo() {
        wishes.heard(2, 120);
        wishes.heard(3, 130);
        wishes.want(110);
        assertEquals(130, wishes.due(100, 0));
    }

    @Test
    void aWishIsTakenBack() {
        wishes.heard(2, 120);
        wishes.heard(2, 0);
        assertEquals(0, wishes.due(100, 0));
    }

    @Test
    void aWishFarAheadIsNotGrantedBeforeItIsInReach() {
        wishes.heard(2, 133);
        assertEquals(0, wishes.due(100, 0));
        assertEquals(133, wishes.due(101, 0));
    }

    @Test
    void aWishForTheEndOfAllNumbersIsHarmless() {
        wishes.heard(2, Long.MAX_VALUE);
        wishes.heard(3, Long.MIN_VALUE);
        assertEquals(0, wishes.due(100, 0));
    }

    @Test
    void aStableCheckpointFulfilsWhatItReaches() {
        wishes.heard(2, 120);
        wishes.heard(3, 150);
        wishes.want(120);
        wishes.stable(120);
        assertEquals(0, wishes.own());
        assertEquals(150, wishes.due(130, 0));
        wishes.stable(150);
        assertEquals(0, wishes.due(150, 0));
    }

    @Test
    void whatIsStableAlreadyIsNotMadeAgainForAPeerThatStillFetchesIt() {
        wishes.heard(2, 120);
        wishes.stable(130);
        wishes.heard(2, 120);
        assertEquals(0, wishes.due(200, 60_000));
        wishes.heard(2, 131);
        assertEquals(130 + CheckpointWishes.MIN_DISTANCE, wishes.due(200, 60_000));
    }

    @Test
    void anOlderCheckpointTakesNothingBack() {
        wishes.stable(150);
        wishes.stable(100);
        wishes.heard(2, 151);
        assertEquals(150 + CheckpointWishes.MIN_DISTANCE, wishes.due(150, 0));
    }

    @Test
    void aCheckpointKeepsItsDistanceFromTheLastOne() {
        wishes.stable(100);
        wishes.heard(2, 101);
        assertEquals(100 + CheckpointWishes.MIN_DISTANCE, wishes.due(100, 0));
    }

    @Test
    void wishesAreGrantedOnceInThreeSecondsHoweverOftenTheyAreUttered() {
        wishes.heard(2, 120);
        wishes.granted(1000);
        wishes.heard(2, 121);
        assertEquals(0, wishes.due(100, 3999));
        assertEquals(121, wishes.due(100, 4000));
    }
}
