package io.atlassmr.protocol.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NewViewPlanTest {

    private static final Members MEMBERS = Members.of(4);
    private static final Digest A = Bundles.batch(1, 1).digest();
    private static final Digest B = Bundles.batch(2, 1).digest();
    private static final Digest NOOP = Batch.NOOP.digest();

    private static Signed<ViewChange> change(int signer, long lastDecided, Certificate... prepared) {
        return MEMBERS.sign(signer, new ViewChange(9, lastDecided, List.of(), List.of(prepared)));
    }

    private static NewViewPlan plan(Signed<ViewChange> first, Signed<ViewChange> second, Signed<ViewChange> third) {
        return NewViewPlan.of(new NewView(9, List.of(first, second, third)));
    }

    @Test
    void nothingDecidedAndNothingPreparedLeavesEverythingOpen() {
        NewViewPlan plan = plan(change(0, 0), change(1, 0), change(2, 0));
        assertEquals(0, plan.base());
        assertEquals(Map.of(), plan.batches());
    }

    @Test
    void theBaseIsTheHighestDecisionAndKnowsWhoProvedItFirst() {
        NewViewPlan plan = plan(change(0, 3), change(1, 7), change(2, 7));
        assertEquals(7, plan.base());
        assertEquals(1, plan.baseHolder());
    }

    @Test
    void whatOneMemberHoldsPreparedIsDecidedAgain() {
        NewViewPlan plan = plan(change(0, 3), change(1, 3, MEMBERS.prepared(0, 4, A)), change(2, 3));
        assertEquals(Map.of(4L, A), plan.batches());
    }

    @Test
    void theCertificateOfTheHighestViewWins() {
        NewViewPlan plan = plan(
                change(0, 3, MEMBERS.prepared(8, 4, B)),
                change(1, 3, MEMBERS.prepared(2, 4, A)),
                change(2, 3, MEMBERS.prepared(7, 4, A)));
        assertEquals(Map.of(4L, B), plan.batches());
    }

    @Test
    void gapsAreFilledUpToTheHighestPreparedPlace() {
        NewViewPlan plan =
                plan(change(0, 3, MEMBERS.prepared(0, 7, A)), change(1, 3, MEMBERS.prepared(0, 5, B)), change(2, 3));
        assertEquals(Map.of(4L, NOOP, 5L, B, 6L, NOOP, 7L, A), plan.batches());
    }

    @Test
    void whatIsDecidedAnywhereIsNotPlanned() {
        NewViewPlan plan =
                plan(change(0, 2, MEMBERS.prepared(0, 3, A), MEMBERS.prepared(0, 6, A)), change(1, 5), change(2, 0));
        assertEquals(5, plan.base());
        assertEquals(Map.of(6L, A), plan.batches());
    }
}
