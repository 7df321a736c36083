package io.atlassmr.protocol.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.fixture.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MembershipTest {

    private static Member member(int id) {
        return new Member(id, Members.key(id), "replica-" + id, 7000, 7001);
    }

    private static List<Member> members(int... ids) {
        List<Member> members = new ArrayList<>();
        for (int id : ids) {
            members.add(member(id));
        }
        return members;
    }

    private static void assertRefused(String reason, Runnable attempt) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, attempt::run);
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @Test
    void membersAreOrderedByIdWhateverOrderTheyAreGivenIn() {
        Membership membership = Membership.of("c", 1, members(9, 2, 7, 4));
        assertEquals(members(2, 4, 7, 9), membership.members());
        assertEquals(4, membership.quorum().n());
    }

    @Test
    void leadershipGoesRoundTheMembersWhateverTheirIds() {
        Membership membership = Membership.of("c", 1, members(2, 4, 7, 9));
        List<Integer> leaders = new ArrayList<>();
        for (long view = 0; view < 6; view++) {
            leaders.add(membership.leaderOf(view));
        }
        assertEquals(List.of(2, 4, 7, 9, 2, 4), leaders);
        assertEquals(9, membership.leaderOf(Long.MAX_VALUE));
    }

    @Test
    void membersAreFoundById() {
        Membership membership = Membership.of("c", 1, members(2, 4, 7, 9));
        assertEquals(Optional.of(member(7)), membership.member(7));
        assertEquals(Optional.empty(), membership.member(3));
        assertTrue(membership.contains(9));
        assertFalse(membership.contains(0));
    }

    @Test
    void anIdOccursOnce() {
        assertRefused("ascending by id", () -> Membership.of("c", 1, members(0, 1, 2, 2)));
    }

    @Test
    void aKeyOccursOnce() {
        List<Member> members = members(0, 1, 2);
        members.add(new Member(3, Members.key(1), "replica-3", 7000, 7001));
        assertRefused("public key of another", () -> Membership.of("c", 1, members));
    }

    @Test
    void thereAreFourTo64Members() {
        assertRefused("at least 4", () -> Membership.of("c", 1, members(0, 1, 2)));
        List<Member> tooMany = new ArrayList<>();
        for (int id = 0; id <= Membership.MAX_MEMBERS; id++) {
            tooMany.add(member(id));
        }
        assertRefused("at most 64", () -> Membership.of("c", 1, tooMany));
        assertEquals(64, Membership.of("c", 1, tooMany.subList(0, 64)).members().size());
    }

    @Test
    void aClusterIdHas1To64Characters() {
        assertRefused("1 to 64 characters", () -> Membership.of("", 1, members(0, 1, 2, 3)));
        assertRefused("1 to 64 characters", () -> Membership.of("x".repeat(65), 1, members(0, 1, 2, 3)));
        assertEquals(
                "x".repeat(64),
                Membership.of("x".repeat(64), 1, members(0, 1, 2, 3)).clusterId());
    }

    @Test
    void epochsStartFromOne() {
        assertRefused("at least 1", () -> Membership.of("c", 0, members(0, 1, 2, 3)));
    }

    @Test
    void aMemberHasAnIdAndARawKey() {
        assertRefused("not negative", () -> member(-1));
        assertRefused("31 bytes", () -> new Member(0, new byte[31], "replica-0", 7000, 7001));
    }
}
