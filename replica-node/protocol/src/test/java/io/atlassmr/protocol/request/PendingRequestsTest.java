package io.atlassmr.protocol.request;

import static io.atlassmr.protocol.event.ProtocolEvent.BundleReceived.NOBODY;
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
    private static final int FOLLOWER = 1;

    private final ClientBundle a = Bundles.bundle(1, 0, 0, 1);
    private final ClientBundle b = Bundles.bundle(2, 0, 0, 1, 2);
    private final ClientBundle c = Bundles.bundle(3, 0, 0, 1);
    private final PendingRequests pending = leading(5, 100_000, 3);
    private final PendingRequests following =
            new PendingRequests(new PendingRequests.Bounds(MANY, 100_000, MANY), 3, 100_000, false);

    private static PendingRequests leading(int requests, long bytes, int requestsOfClient) {
        return new PendingRequests(new PendingRequests.Bounds(requests, bytes, requestsOfClient), 3, bytes, true);
    }

    private static io.atlassmr.protocol.message.Batch batch(ClientBundle... bundles) {
        return BatchCodec.encode(0, List.of(bundles));
    }

    @Test
    void aBundleWaitsOnceAndUntilItIsDecided() {
        assertTrue(pending.isEmpty());
        assertEquals(Admission.ADMITTED, pending.offer(a, NOBODY, 0));
        assertEquals(Admission.WAITING, pending.offer(a, NOBODY, 0));
        assertEquals(1, pending.requestCount());
        pending.decided(batch(a));
        assertEquals(Admission.DECIDED, pending.offer(a, NOBODY, 0));
        assertTrue(pending.isEmpty());
        assertEquals(0, pending.requestCount());
    }

    @Test
    void whatIsDecidedNeedNotHaveWaited() {
        pending.decided(batch(a, b));
        assertEquals(Admission.DECIDED, pending.offer(b, NOBODY, 0));
    }

    @Test
    void aBatchMayHoldABundleTwice() {
        pending.offer(a, NOBODY, 0);
        pending.decided(batch(a, a));
        assertTrue(pending.isEmpty());
        assertEquals(0, pending.unproposedRequests());
    }

    @Test
    void requestsAreBoundedInAll() {
        pending.offer(Bundles.bundle(1, 0, 0, 1, 2), NOBODY, 0);
        pending.offer(b, NOBODY, 0);
        assertEquals(Admission.OVERLOADED, pending.offer(Bundles.bundle(3, 0, 0, 1, 2), NOBODY, 0));
        assertEquals(Admission.ADMITTED, pending.offer(c, NOBODY, 0));
        assertEquals(5, pending.requestCount());
        pending.decided(batch(b));
        assertEquals(Admission.ADMITTED, pending.offer(Bundles.bundle(3, 0, 0, 2, 3), NOBODY, 0));
    }

    @Test
    void bytesAreBounded() {
        PendingRequests small = leading(MANY, 1000, MANY);
        ClientBundle large = Bundles.bundleOfSize(1, 1, 500);
        assertEquals(Admission.ADMITTED, small.offer(large, NOBODY, 0));
        assertEquals(Admission.OVERLOADED, small.offer(Bundles.bundleOfSize(2, 1, 500), NOBODY, 0));
        assertEquals(large.sizeBytes(), small.unproposedBytes());
        small.decided(batch(large));
        assertEquals(Admission.ADMITTED, small.offer(Bundles.bundleOfSize(2, 1, 500), NOBODY, 0));
    }

    @Test
    void oneClientCannotTakeTheRoomOfAll() {
        pending.offer(Bundles.bundle(1, 0, 0, 1, 2), NOBODY, 0);
        assertEquals(Admission.OVERLOADED, pending.offer(Bundles.bundle(1, 0, 0, 3, 4), NOBODY, 0));
        assertEquals(Admission.ADMITTED, pending.offer(Bundles.bundle(1, 0, 0, 3), NOBODY, 0));
        assertEquals(Admission.ADMITTED, pending.offer(b, NOBODY, 0));
    }

    @Test
    void proposalsTakeTheOldestFirstAndEachOnce() {
        pending.offer(a, NOBODY, 0);
        pending.offer(b, NOBODY, 0);
        pending.offer(c, NOBODY, 0);
        assertEquals(List.of(a, b), pending.takeForProposal(3, MANY));
        assertEquals(1, pending.unproposedRequests());
        assertEquals(List.of(c), pending.takeForProposal(3, MANY));
        assertEquals(List.of(), pending.takeForProposal(3, MANY));
        assertEquals(0, pending.unproposedBytes());
    }

    @Test
    void aProposalTakesAtLeastOneBundle() {
        pending.offer(b, NOBODY, 0);
        assertEquals(List.of(b), pending.takeForProposal(1, 1));
    }

    @Test
    void aProposalStopsAtItsBytes() {
        pending.offer(a, NOBODY, 0);
        pending.offer(c, NOBODY, 0);
        assertEquals(List.of(a), pending.takeForProposal(MANY, a.sizeBytes() + c.sizeBytes() - 1));
        assertEquals(List.of(c), pending.takeForProposal(MANY, MANY));
    }

    @Test
    void aNewViewMayProposeEverythingAgain() {
        pending.offer(a, NOBODY, 0);
        pending.offer(b, NOBODY, 0);
        pending.takeForProposal(MANY, MANY);
        pending.restart(true, 10);
        assertEquals(3, pending.unproposedRequests());
        assertEquals(a.sizeBytes() + b.sizeBytes(), pending.unproposedBytes());
        assertEquals(List.of(a, b), pending.takeForProposal(MANY, MANY));
    }

    @Test
    void whatIsDecidedUnproposedIsNotProposed() {
        pending.offer(a, NOBODY, 0);
        pending.offer(b, NOBODY, 0);
        pending.decided(batch(a));
        assertEquals(2, pending.unproposedRequests());
        assertEquals(List.of(b), pending.takeForProposal(MANY, MANY));
    }

    @Test
    void aFollowerHandsItsLeaderABatchAtOnceAndMoreAsDecisionsCome() {
        following.offer(a, NOBODY, 0);
        following.offer(b, NOBODY, 1);
        following.offer(c, NOBODY, 2);
        assertEquals(List.of(a, b), following.handOn(5));
        assertEquals(List.of(), following.handOn(6));
        following.decided(batch(a));
        assertEquals(List.of(c), following.handOn(7));
    }

    @Test
    void whatIsDecidedIsNotHandedOn() {
        following.offer(a, NOBODY, 0);
        following.decided(batch(a));
        assertEquals(List.of(), following.handOn(1));
    }

    @Test
    void aNewLeaderIsHandedWhatWaitsFromTheOldestOn() {
        following.offer(a, NOBODY, 0);
        following.offer(b, NOBODY, 0);
        following.offer(c, NOBODY, 0);
        following.handOn(0);
        following.restart(false, 10);
        assertEquals(List.of(a, b), following.handOn(10));
    }

    @Test
    void eachFollowerHasRoomOfItsOwnAtTheLeader() {
        pending.offer(Bundles.bundle(1, 0, 0, 1, 2), NOBODY, 0);
        pending.offer(Bundles.bundle(2, 0, 0, 1, 2, 3), NOBODY, 0);
        assertEquals(Admission.OVERLOADED, pending.offer(c, NOBODY, 0));
        assertEquals(Admission.ADMITTED, pending.offer(c, FOLLOWER, 0));
        assertEquals(Admission.ADMITTED, pending.offer(Bundles.bundle(1, 0, 0, 3, 4), FOLLOWER, 0));
        assertEquals(Admission.OVERLOADED, pending.offer(Bundles.bundle(4, 0, 0, 1), FOLLOWER, 0));
        assertEquals(Admission.ADMITTED, pending.offer(Bundles.bundle(4, 0, 0, 1), FOLLOWER + 1, 0));
        pending.decided(batch(c));
        assertEquals(Admission.ADMITTED, pending.offer(Bundles.bundle(5, 0, 0, 1), FOLLOWER, 0));
    }

    @Test
    void theRoomShrinksAndGrowsWithinTheBounds() {
        pending.setRoom(1, MANY);
        assertEquals(Admission.ADMITTED, pending.offer(a, NOBODY, 0));
        assertEquals(Admission.OVERLOADED, pending.offer(c, NOBODY, 0));
        pending.setRoom(MANY, MANY);
        assertEquals(Admission.ADMITTED, pending.offer(c, NOBODY, 0));
        pending.offer(b, NOBODY, 0);
        assertEquals(Admission.OVERLOADED, pending.offer(Bundles.bundle(4, 0, 0, 1, 2), NOBODY, 0));
    }

    @Test
    void bundlesThatTheLeaderHasHadForLongAreGivenOutOnceInAView() {
        following.offer(a, NOBODY, 0);
        following.handOn(0);
        following.offer(b, NOBODY, 10);
        following.handOn(30);
        assertEquals(List.of(), following.takeWaitedFor(100, 99));
        assertEquals(List.of(a), following.takeWaitedFor(100, 100));
        assertEquals(List.of(b), following.takeWaitedFor(100, 200));
        assertEquals(List.of(), following.takeWaitedFor(100, 1000));
        following.restart(false, 1000);
        following.handOn(1000);
        assertEquals(List.of(), following.takeWaitedFor(100, 1099));
        assertEquals(List.of(a, b), following.takeWaitedFor(100, 1100));
    }

    @Test
    void whatTheLeaderWasNotHandedIsNotHeldAgainstIt() {
        following.offer(a, NOBODY, 0);
        assertEquals(List.of(), following.takeWaitedFor(100, 1000));
        assertFalse(following.overdue(100, 1, 1000));
        following.handOn(1000);
        following.takeWaitedFor(50, 1050);
        assertFalse(following.overdue(100, 1, 1200));
        assertTrue(following.overdue(100, 1, 1201));
    }

    @Test
    void theOldestIsOverdueAtTwiceTheTimeOut() {
        assertFalse(following.overdue(100, 1, 0));
        following.offer(a, NOBODY, 0);
        following.handOn(0);
        following.offer(b, NOBODY, 150);
        following.handOn(150);
        following.takeWaitedFor(50, 50);
        assertFalse(following.overdue(100, 1, 200));
        assertTrue(following.overdue(100, 1, 201));
        following.decided(batch(a));
        following.takeWaitedFor(50, 201);
        assertFalse(following.overdue(100, 1, 350));
        assertTrue(following.overdue(100, 1, 351));
    }

    @Test
    void nothingIsOverdueThatWasNotShownToAllHalfTheTimeOutAgo() {
        following.offer(a, NOBODY, 0);
        following.handOn(0);
        assertFalse(following.overdue(100, 1, 500));
        following.takeWaitedFor(50, 500);
        assertFalse(following.overdue(100, 1, 549));
        assertTrue(following.overdue(100, 1, 550));
    }

    @Test
    void itIsOverdueAtTheTimeOutIfTwiceWhatWasAheadOfItIsDecided() {
        following.offer(b, NOBODY, 0);
        following.offer(a, NOBODY, 0);
        following.handOn(0);
        following.takeWaitedFor(50, 50);
        following.decided(batch(b));
        following.decided(batch(Bundles.bundle(9, 0, 0, 1, 2, 3, 4)));
        assertFalse(following.overdue(100, 1, 101));
        following.decided(batch(Bundles.bundle(9, 0, 0, 5)));
        assertFalse(following.overdue(100, 1, 100));
        assertTrue(following.overdue(100, 1, 101));
    }

    @Test
    void aNewLeaderHasTheWholeTime() {
        following.offer(a, NOBODY, 0);
        following.restart(false, 150);
        following.handOn(150);
        following.takeWaitedFor(50, 200);
        assertFalse(following.overdue(100, 1, 350));
        assertTrue(following.overdue(100, 1, 351));
    }

    @Test
    void decisionsAreRememberedUpToABound() {
        pending.decided(batch(a));
        for (int number = 1; number <= 16_384; number++) {
            pending.decided(batch(Bundles.bundle(9, 0, 0, number)));
        }
        assertEquals(Admission.ADMITTED, pending.offer(a, NOBODY, 0));
        assertEquals(Admission.DECIDED, pending.offer(Bundles.bundle(9, 0, 0, 1), NOBODY, 0));
    }
}
