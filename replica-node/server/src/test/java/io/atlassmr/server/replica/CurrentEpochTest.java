package io.atlassmr.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurrentEpochTest {

    private final CurrentEpoch current = new CurrentEpoch();
    private final List<Long> told = new ArrayList<>();

    private static Epoch epoch(long number) {
        List<Member> members = IntStream.range(0, 4)
                .mapToObj(id -> new Member(id, key(id), "localhost", 7000, 7001))
                .toList();
        return new Epoch(Membership.of("tests", number, members), 10 * (number - 1));
    }

    private static byte[] key(int id) {
        byte[] key = new byte[32];
        key[0] = (byte) id;
        return key;
    }

    @Test
    void whoFollowsIsToldTheCurrentEpochAndLaterOnes() {
        current.follow(epoch -> told.add(epoch.number()));
        current.entered(epoch(1));
        current.entered(epoch(2));
        current.follow(epoch -> told.add(-epoch.number()));
        assertEquals(List.of(1L, 2L, -2L), told);
    }

    /** The start tells where the replica stood when it had started, and agreement goes on meanwhile. */
    @Test
    void anOlderEpochToldLaterIsPassedOver() {
        current.follow(epoch -> told.add(epoch.number()));
        current.entered(epoch(3));
        current.entered(epoch(2));
        assertEquals(List.of(3L), told);
    }
}
