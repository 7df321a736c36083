package io.atlassmr.protocol.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Members of seven that all have agreed not to follow lead no view that anybody asks for. */
class ExcludedLeadersTest {

    private static final Members MEMBERS = Members.of(7);

    private final TreeSet<Integer> excluded = new TreeSet<>();
    private final PbftViewTransfer views = new PbftViewTransfer(
            MEMBERS.membership(),
            6,
            1000,
            16_000,
            200,
            0,
            true,
            null,
            excluded::contains,
            new Outbox(),
            new ViewTransferListener() {
                @Override
                public ViewChange leaveView(long nextView) {
                    return new ViewChange(nextView, 0, List.of(), List.of());
                }

                @Override
                public void enterView(long view, NewViewPlan plan) {}
            });

    @Test
    void aLeaderThatIsExcludedIsLeftAtOnce() {
        views.passOver();
        assertTrue(views.active());
        excluded.add(0);
        views.passOver();
        assertFalse(views.active());
        assertEquals(1, views.view());
        assertTrue(views.isBarred(0));
    }

    @Test
    void theirTurnsArePassedOver() {
        excluded.addAll(List.of(1, 2));
        views.receiveSuspect(MEMBERS.sign(0, new Suspect(0, true)), 0);
        assertEquals(3, views.view());
    }

    @Test
    void whoAsksForTheirViewsIsTakenToMeanTheNext() {
        excluded.addAll(List.of(4, 5));
        for (int member = 0; member < 3; member++) {
            views.receiveSuspect(MEMBERS.sign(member, new Suspect(3, false)), 0);
        }
        assertEquals(6, views.view());
    }
}
