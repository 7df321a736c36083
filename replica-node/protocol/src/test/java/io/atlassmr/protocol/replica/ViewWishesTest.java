package io.atlassmr.protocol.replica;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Members 2 and 3 wait, or lie; the view is 5 and the clock starts anywhere. */
class ViewWishesTest {

    private static final long START = 1_000_000;
    private static final long INTERVAL = ViewWishes.INTERVAL_MILLIS;

    private final ViewWishes wishes = new ViewWishes();

    @Test
    void nobodyWaits() {
        assertFalse(wishes.due(5, START));
        assertFalse(wishes.overdue(5, START));
    }

    @Test
    void theFirstWishIsDueAtOnce() {
        wishes.heard(2, 6, START);
        assertTrue(wishes.due(5, START));
    }

    @Test
    void aViewThatIsOpenNeedNotBeWishedFor() {
        wishes.heard(2, 5, START);
        assertFalse(wishes.due(5, START));
    }

    @Test
    void aWishThatIsTakenBackIsNotDue() {
        wishes.heard(2, 6, START);
        wishes.heard(2, 0, START);
        assertFalse(wishes.due(5, START));
    }

    @Test
    void aMemberThatGoesOnWishingWaits() {
        wishes.heard(2, 1000, START);
        wishes.answered(START);
        assertFalse(wishes.due(6, START + INTERVAL - 1));
        assertTrue(wishes.due(6, START + INTERVAL));
    }

    @Test
    void takingAWishBackInBetweenDoesNotShortenTheWait() {
        wishes.heard(2, 1000, START);
        wishes.answered(START);
        wishes.heard(2, 0, START + 1);
        wishes.heard(2, 1000, START + 2);
        assertFalse(wishes.due(6, START + INTERVAL - 1));
    }

    @Test
    void oneMembersWishesDoNotHoldUpAnothers() {
        wishes.heard(2, 1000, START);
        wishes.answered(START);
        wishes.heard(3, 7, START + 1);
        assertTrue(wishes.due(6, START + 1));
    }

    @Test
    void aLeaderHasTwoIntervalsToAnswer() {
        wishes.heard(2, 6, START);
        assertFalse(wishes.overdue(5, START + 2 * INTERVAL - 1));
        assertTrue(wishes.overdue(5, START + 2 * INTERVAL));
    }

    @Test
    void soHasTheNextOne() {
        wishes.heard(2, 1000, START);
        wishes.answered(START + 2 * INTERVAL);
        assertFalse(wishes.overdue(6, START + 4 * INTERVAL - 1));
        assertTrue(wishes.overdue(6, START + 4 * INTERVAL));
    }

    @Test
    void repeatingAWishDoesNotGiveTheLeaderMoreTime() {
        wishes.heard(2, 6, START);
        wishes.heard(2, 6, START + INTERVAL);
        assertTrue(wishes.overdue(5, START + 2 * INTERVAL));
    }
}
