package io.atlassmr.protocol.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PeerRequestsTest {

    private static final int MIB = 1 << 20;
    private static final long STALL = 3000;

    private final PeerRequests requests = new PeerRequests(1024, 64);

    private void items(int count, int sizeBytes) {
        for (int item = 0; item < count; item++) {
            requests.add(item, sizeBytes);
        }
    }

    private void peers(int... ids) {
        for (int id : ids) {
            requests.offer(id, 0);
        }
    }

    @Test
    void withoutItemsAllIsDone() {
        assertTrue(requests.isDone());
        assertFalse(requests.hasPeers());
    }

    @Test
    void itemsAreSpreadOverThePeers() {
        items(5, 10);
        peers(1, 2);
        assertEquals(Map.of(1, List.of(0, 2, 4), 2, List.of(1, 3)), requests.next(0));
        assertEquals(Map.of(), requests.next(0));
    }

    @Test
    void ofManyItemsEachPeerGivesNeighbours() {
        items(128, 10);
        peers(1, 2);
        assertEquals(
                Map.of(
                        1, IntStream.range(0, 64).boxed().toList(),
                        2, IntStream.range(64, 128).boxed().toList()),
                requests.next(0));
    }

    @Test
    void eachPeerHasAtMostEightMebibytesUnderWay() {
        items(20, MIB);
        peers(1);
        assertEquals(Map.of(1, IntStream.range(0, 8).boxed().toList()), requests.next(0));
        assertTrue(requests.done(1, 3, 10));
        assertEquals(Map.of(1, List.of(8)), requests.next(10));
    }

    @Test
    void anItemLargerThanThatIsUnderWayAlone() {
        items(2, 9 * MIB);
        peers(1);
        assertEquals(Map.of(1, List.of(0)), requests.next(0));
        assertTrue(requests.done(1, 0, 10));
        assertEquals(Map.of(1, List.of(1)), requests.next(10));
    }

    @Test
    void aRequestHasAtMost64ItemsAndAPeerAtMost1024() {
        items(2000, 1);
        peers(1);
        for (int i = 0; i < 16; i++) {
            assertEquals(64, requests.next(0).get(1).size());
        }
        assertEquals(Map.of(), requests.next(0));
    }

    @Test
    void smallItemsAreAskedForManyAtATime() {
        items(2000, 1);
        peers(1);
        for (int i = 0; i < 16; i++) {
            requests.next(0);
        }
        for (int item = 0; item < 63; item++) {
            assertTrue(requests.done(1, item, 5));
            assertEquals(Map.of(), requests.next(5));
        }
        assertTrue(requests.done(1, 63, 5));
        assertEquals(64, requests.next(5).get(1).size());
    }

    @Test
    void allIsDoneWhenEverythingIsHere() {
        items(2, 1);
        peers(1);
        requests.next(0);
        assertTrue(requests.done(1, 0, 5));
        assertFalse(requests.isDone());
        assertTrue(requests.done(1, 1, 5));
        assertTrue(requests.isDone());
    }

    @Test
    void anItemCountsOnce() {
        items(2, 1);
        peers(1);
        requests.next(0);
        assertTrue(requests.done(1, 0, 5));
        assertFalse(requests.done(1, 0, 6));
        assertFalse(requests.done(2, 7, 6));
    }

    @Test
    void anItemThatCameUnaskedIsNotAskedFor() {
        items(2, 1);
        assertTrue(requests.done(9, 0, 0));
        peers(1);
        assertEquals(Map.of(1, List.of(1)), requests.next(0));
    }

    @Test
    void whatADroppedPeerOwedIsAskedOfOthersFirst() {
        items(300, MIB);
        peers(1, 2);
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), requests.next(0).get(1));
        requests.drop(1);
        for (int item = 8; item <= 10; item++) {
            assertTrue(requests.done(2, item, 0));
        }
        assertEquals(Map.of(2, List.of(0, 1, 2)), requests.next(0));
    }

    @Test
    void aDroppedPeerDoesNotComeBack() {
        items(1, 1);
        peers(1);
        requests.drop(1);
        requests.offer(1, 10);
        assertFalse(requests.hasPeers());
        assertEquals(Map.of(), requests.next(10));
    }

    @Test
    void aPeerThatOwesSomethingAndIsSilentHasStalled() {
        items(1, 1);
        peers(1, 2);
        requests.next(100);
        assertEquals(List.of(), requests.stalled(STALL, 3099));
        assertEquals(List.of(1), requests.stalled(STALL, 3100));
    }

    @Test
    void whatIsLargeMayTakeLonger() {
        requests.add(0, 64 << 10);
        requests.add(1, MIB);
        peers(1);
        requests.next(0);
        assertEquals(List.of(), requests.stalled(STALL, STALL + 15_999));
        assertEquals(List.of(1), requests.stalled(STALL, STALL + 16_000));
        assertTrue(requests.done(1, 1, 100));
        assertEquals(List.of(), requests.stalled(STALL, 100 + STALL + 999));
        assertEquals(List.of(1), requests.stalled(STALL, 100 + STALL + 1000));
    }

    @Test
    void itsTimeBeginsWhenItIsAsked() {
        peers(1);
        items(1, 1);
        requests.next(60_000);
        assertEquals(List.of(), requests.stalled(STALL, 62_000));
    }

    @Test
    void whateverItOwedAndSendsGivesItMoreTime() {
        items(2, 1);
        peers(1);
        requests.next(0);
        assertTrue(requests.done(1, 0, 2000));
        assertEquals(List.of(), requests.stalled(STALL, 4999));
        assertEquals(List.of(1), requests.stalled(STALL, 5000));
    }

    @Test
    void sendingTheSameAgainDoesNotMakeAPeerLookAlive() {
        items(2, 1);
        peers(1);
        requests.next(0);
        assertTrue(requests.done(1, 0, 0));
        for (long now = 100; now <= STALL; now += 100) {
            assertFalse(requests.done(1, 0, now));
        }
        assertEquals(List.of(1), requests.stalled(STALL, STALL));
    }

    @Test
    void whatAPeerIsLateWithIsAskedOfOneThatOwesNothing() {
        items(2, 1);
        peers(1, 2);
        assertEquals(Map.of(1, List.of(0), 2, List.of(1)), requests.next(0));
        assertTrue(requests.done(2, 1, 10));
        assertEquals(Map.of(), requests.next(999));
        assertEquals(Map.of(2, List.of(0)), requests.next(1000));
        assertEquals(Map.of(), requests.next(1001));
        assertTrue(requests.done(2, 0, 1010));
        assertTrue(requests.isDone());
        assertEquals(List.of(), requests.stalled(STALL, 10_000));
    }

    @Test
    void aLatePeersDropDoesNotAskForItemsTwiceThatAreUnderWayElsewhere() {
        items(2, 1);
        peers(1, 2);
        requests.next(0);
        assertTrue(requests.done(2, 1, 10));
        assertEquals(Map.of(2, List.of(0)), requests.next(1000));
        requests.drop(1);
        assertEquals(Map.of(), requests.next(1001));
        requests.drop(2);
        peers(3);
        assertEquals(Map.of(3, List.of(0)), requests.next(1002));
    }

    @Test
    void aPeerThatSendsNextToNothingDelaysTheRestByLittle() {
        items(512, 1);
        peers(1, 2);
        long now = 0;
        int rounds = 0;
        while (!requests.isDone()) {
            Map<Integer, List<Integer>> asked = requests.next(now);
            for (int item : asked.getOrDefault(2, List.of())) {
                boolean _ = requests.done(2, item, now);
            }
            now += 100;
            assertTrue(rounds++ < 40, "not done after " + now + " ms");
        }
    }

    @Test
    void whatIsMissingIsCountedWithItsBytes() {
        items(3, 10);
        requests.add(200, 5);
        requests.add(200, 5);
        assertEquals(4, requests.missing());
        assertEquals(35, requests.missingBytes());
        assertTrue(requests.done(1, 200, 0));
        assertTrue(requests.done(1, 1, 0));
        assertEquals(2, requests.missing());
        assertEquals(20, requests.missingBytes());
    }

    @Test
    void itemsThatAreAddedLaterAreAskedForInTheirOrder() {
        requests.add(70, 1);
        peers(1);
        assertEquals(Map.of(1, List.of(70)), requests.next(0));
        requests.add(71, 1);
        requests.add(5, 1);
        assertEquals(Map.of(1, List.of(5, 71)), requests.next(0));
    }

    @Test
    void whoeverIsHeardOtherwiseHasMoreTime() {
        items(1, 1);
        peers(1);
        requests.next(0);
        assertTrue(requests.owes(1, 0));
        assertFalse(requests.owes(1, 1));
        assertFalse(requests.owes(2, 0));
        requests.heard(1, 2000);
        assertEquals(List.of(), requests.stalled(STALL, 4999));
        assertEquals(List.of(1), requests.stalled(STALL, 5000));
    }

    @Test
    void whatWasOfNoUseIsAskedForAgain() {
        items(2, 10);
        peers(1);
        assertEquals(Map.of(1, List.of(0, 1)), requests.next(0));
        requests.again(1, 1, 10);
        requests.again(1, 7, 10);
        requests.again(2, 0, 10);
        assertEquals(Map.of(1, List.of(1)), requests.next(10));
        assertTrue(requests.done(1, 0, 20));
        assertTrue(requests.done(1, 1, 20));
        assertTrue(requests.isDone());
    }
}
