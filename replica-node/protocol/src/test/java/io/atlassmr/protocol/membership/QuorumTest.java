package io.atlassmr.protocol.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class QuorumTest {

    static IntStream sizes() {
        return IntStream.rangeClosed(Quorum.MIN_MEMBERS, Membership.MAX_MEMBERS);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void anyTwoQuorumsShareAnHonestReplica(int n) {
        Quorum quorum = new Quorum(n);
        int leastShared = 2 * quorum.size() - n;
        assertTrue(leastShared >= quorum.f() + 1);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void theHonestAreAQuorumByThemselves(int n) {
        Quorum quorum = new Quorum(n);
        assertTrue(n - quorum.f() >= quorum.size());
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void noSmallerQuorumWouldDo(int n) {
        Quorum quorum = new Quorum(n);
        int leastSharedBySmaller = 2 * (quorum.size() - 1) - n;
        assertTrue(leastSharedBySmaller < quorum.f() + 1);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void asManyLiarsAsPossibleAreTolerated(int n) {
        int f = new Quorum(n).f();
        assertTrue(n >= 3 * f + 1);
        assertTrue(n < 3 * (f + 1) + 1);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void amongOneMoreThanTheLiarsIsAnHonestOne(int n) {
        assertEquals(new Quorum(n).f() + 1, new Quorum(n).oneHonest());
    }

    @ParameterizedTest
    @CsvSource({"4,1,3", "5,1,4", "6,1,4", "7,2,5", "8,2,6", "9,2,6", "10,3,7", "13,4,9", "64,21,43"})
    void theDesignsTableHolds(int n, int f, int q) {
        assertEquals(f, new Quorum(n).f());
        assertEquals(q, new Quorum(n).size());
    }

    @Test
    void fewerThanFourReplicasTolerateNoLiar() {
        assertThrows(IllegalArgumentException.class, () -> new Quorum(3));
    }
}
