package io.atlassmr.protocol.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.request.PendingRequests.Admission;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingRequestsTest {

    private static final int MANY = 1000;

    private final ClientBundle a = Bundles.bundle(1, 0, 0, 1);
    private final ClientBundle b = Bundles.bundle(2, 0, 0, 1, 2);
    private final ClientBundle c = Bundles.bundle(3, 0, 0, 1);
    private final PendingRequests pending = new PendingRequests(5, 100_000, 3);

    private static io.atlassmr.protocol.message.Batch batch(ClientBundle... bundles) {
        return BatchCodec.encode(0, List.of(bundles));
    }

    @Test
    void aBundleWaitsOnceAndUntilItIsDecided() {
        assertTrue(pending.isEmpty());
        assertEquals(Admission.ADMITTED, pending.offer(a, 0));
        assertEquals(Admission.WAITING, pending.offer(a, 0));
        assertEquals(1, pending.requestCount());
        pending.decided(batch(a));
        assertEquals(Admission.DECIDED, pending.offer(a, 0));
        assertTrue(pending.isEmpty());
        assertEquals(0, pending.requestCount());
    }

    @Test
    void whatIsDecidedNeedNotHaveWaited() {
        pending.decided(batch(a, b));
        assertEquals(Admission.DECIDED, pending.offer(b, 0));
    }

    @Test
    void aBatchMayHoldABundleTwice() {
        pending.offer(a, 0);
        pending.decided(batch(a, a));
        assertTrue(pending.isEmpty());
        assertEquals(0, pending.unproposedRequests());
    }

    @Test
    void requestsAreBoundedInAll() {
        pending.offer(Bundles.bundle(1, 0, 0, 1, 2), 0);
        pending.offer(b, 0);
        assertEquals(Admission.OVERLOADED, pending.offer(Bundles.bundle(3, 0, 0, 1, 2), 0));
        assertEquals(Admission.ADMITTED, pending.offer(c, 0));
        assertEquals(5, pending.requestCount());
        pending.decided(batch(b));
        assertEquals(Admission.ADMITTED, pending.offer(Bundles.bundle(3, 0, 0, 2, 3), 0));
    }

    @Test
    void bytesAreBounded() {
        PendingRequests small = new PendingRequests(MANY, 1000, MANY);
        ClientBundle large = Bundles.bundleOfSize(1, 1, 500);
        assertEquals(Admission.ADMITTED, small.offer(large, 0));
        assertEquals(Admission.OVERLOADED, small.offer(Bundles.bundleOfSize(2, 1, 500), 0));
        assertEquals(large.sizeBytes(), small.unproposedBytes());
        small.decided(batch(large));
        assertEquals(Admission.ADMITTED, small.offer(Bundles.bundleOfSize(2, 1, 500), 0));
    }

    @Test
    void oneClientCannotTakeTheRoomOfAll() {
        pending.offer(Bundles.bundle(1, 0, 0, 1, 2), 0);
        assertEquals(Admission.OVERLOADED, pending.offer(Bundles.bundle(1, 0, 0, 3, 4), 0));
        assertEquals(Admission.ADMITTED, pending.offer(Bundles.bundle(1, 0, 0, 3), 0));
        assertEquals(Admission.ADMITTED, pending.offer(b, 0));
    }

    @Test
    void proposalsTakeTheOldestFirstAndEachOnce() {
        pending.offer(a, 0);
        pending.offer(b, 0);
        pending.offer(c, 0);
        assertEquals(List.of(a, b), pending.takeForProposal(3, MANY));
        assertEquals(1, pending.unproposedRequests());
        assertEquals(List.of(c), pending.takeForProposal(3, MANY));
        assertEquals(List.of(), pending.takeForProposal(3, MANY));
        assertEquals(0, pending.unproposedBytes());
        assertEquals(List.of(a, b, c), pending.bundles());
    }

    @Test
    void aProposalTakesAtLeastOneBundle() {
        pending.offer(b, 0);
        assertEquals(List.of(b), pending.takeForProposal(1, 1));
    }

    @Test
    void aProposalStopsAtItsBytes() {
        pending.offer(a, 0);
        pending.offer(c, 0);
        assertEquals(List.of(a), pending.takeForProposal(MANY, a.sizeBytes() + c.sizeBytes() - 1));
        assertEquals(List.of(c), pending.takeForProposal(MANY, MANY));
    }

    @Test
    void aNewViewMayProposeEverythingAgain() {
        pending.offer(a, 0);
        pending.offer(b, 0);
        pending.takeForProposal(MANY, MANY);
        pending.restart(10);
        assertEquals(3, pending.unproposedRequests());
        assertEquals(a.sizeBytes() + b.sizeBytes(), pending.unproposedBytes());
        assertEquals(List.of(a, b), pending.takeForProposal(MANY, MANY));
    }

    @Test
    void whatIsDecidedUnproposedIsNotProposed() {
        pending.offer(a, 0);
        pending.offer(b, 0);
        pending.decided(batch(a));
        assertEquals(2, pending.unproposedRequests());
        assertEquals(List.of(b), pending.takeForProposal(MANY, MANY));
    }

    @Test
    void bundlesThatWaitAreGivenOutOnceInAView() {
        pending.offer(a, 0);
        pending.offer(b, 30);
        assertEquals(List.of(), pending.takeWaitedFor(100, 99, MANY));
        assertEquals(List.of(a), pending.takeWaitedFor(100, 100, MANY));
        assertEquals(List.of(b), pending.takeWaitedFor(100, 200, MANY));
        assertEquals(List.of(), pending.takeWaitedFor(100, 1000, MANY));
        pending.restart(1000);
        assertEquals(List.of(), pending.takeWaitedFor(100, 1099, MANY));
        assertEquals(List.of(a), pending.takeWaitedFor(100, 1100, 1));
        assertEquals(List.of(b), pending.takeWaitedFor(100, 1100, 1));
    }

    @Test
    void theOldestIsOverdueAtTwiceTheTimeOut() {
        assertFalse(pending.overdue(100, 1, 0));
        pending.offer(a, 0);
        pending.offer(b, 150);
        assertFalse(pending.overdue(100, 1, 200));
        assertTrue(pending.overdue(100, 1, 201));
        pending.decided(batch(a));
        assertFalse(pending.overdue(100, 1, 350));
        assertTrue(pending.overdue(100, 1, 351));
    }

    @Test
    void itIsOverdueAtTheTimeOutIfTwiceWhatWasAheadOfItIsDecided() {
        pending.offer(b, 0);
        pending.offer(a, 0);
        pending.decided(batch(b));
        pending.decided(batch(Bundles.bundle(9, 0, 0, 1, 2, 3, 4)));
        assertFalse(pending.overdue(100, 1, 101));
        pending.decided(batch(Bundles.bundle(9, 0, 0, 5)));
        assertFalse(pending.overdue(100, 1, 100));
        assertTrue(pending.overdue(100, 1, 101));
    }

    @Test
    void aNewLeaderHasTheWholeTime() {
        pending.offer(a, 0);
        pending.restart(150);
        assertFalse(pending.overdue(100, 1, 350));
        assertTrue(pending.overdue(100, 1, 351));
    }

    @Test
    void decisionsAreRememberedUpToABound() {
        pending.decided(batch(a));
        for (int number = 1; number <= 16_384; number++) {
            pending.decided(batch(Bundles.bundle(9, 0, 0, number)));
        }
        assertEquals(Admission.ADMITTED, pending.offer(a, 0));
        assertEquals(Admission.DECIDED, pending.offer(Bundles.bundle(9, 0, 0, 1), 0));
    }
}
