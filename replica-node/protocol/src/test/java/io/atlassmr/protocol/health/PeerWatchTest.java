package io.atlassmr.protocol.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.health.ClusterHealth.MemberHealth;
import io.atlassmr.protocol.health.ClusterHealth.State;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.peer.PeerStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What replica 0 of seven makes of what it hears; f is 2, a quorum 5. Peers report every 100 ms. */
class PeerWatchTest {

    private static final int INTERVAL_MILLIS = 100;
    private static final PeerStatus WELL = new PeerStatus(1, 0, 10, false, 0, 1, 0, 0, 0, false);
    private static final PeerStatus LACKING = new PeerStatus(1, 0, 2, false, 0, 1, 0, 0, 3, false);

    private final PeerWatch watch = new PeerWatch(Members.of(7).membership(), 0, INTERVAL_MILLIS, 0);
    private long nowMillis;

    private void pass(long millis, int... silent) {
        for (long end = nowMillis + millis; nowMillis < end; nowMillis += INTERVAL_MILLIS) {
            for (int peer = 1; peer < 7; peer++) {
                int id = peer;
                if (java.util.Arrays.stream(silent).noneMatch(s -> s == id)) {
                    watch.heard(peer, WELL, nowMillis);
                }
            }
            watch.tick(nowMillis);
        }
    }

    private ClusterHealth health() {
        return watch.health(true, member -> false, nowMillis);
    }

    private MemberHealth member(int id) {
        return health().members().get(id);
    }

    @Test
    void allReportAndAreSound() {
        pass(5000);
        assertEquals(State.HEALTHY, health().state());
        assertEquals(2, health().faultBudget());
    }

    /** While a cluster starts, nobody is to blame. */
    @Test
    void whoWasNeverHeardOfIsDownAndNotSuspected() {
        pass(10_000, 1, 2, 3, 4, 5, 6);
        assertEquals(State.NO_QUORUM, health().state());
        assertEquals(MemberCondition.DOWN, member(1).condition());
        assertEquals(0, member(1).suspicion());
    }

    @Test
    void whoLeavesIsWatchedNoMoreAndWhoJoinsIs() {
        pass(1000);
        watch.gaveWrongState(2, nowMillis);
        List<Member> others = new ArrayList<>(Members.of(8).membership().members());
        others.removeIf(member -> member.id() == 1);
        watch.enterEpoch(Membership.of("tests", 2, others), nowMillis);
        assertEquals(
                List.of(0, 2, 3, 4, 5, 6, 7),
                health().members().stream().map(MemberHealth::id).toList());
        assertEquals(30, member(1).suspicion(), "of replica 2, which stays");
        assertEquals(MemberCondition.DOWN, member(6).condition());
        watch.connected(7, true, nowMillis);
        assertEquals(MemberCondition.SOUND, member(6).condition());
    }

    /** A newcomer is connected to before it is a member, and may stay so. */
    @Test
    void whoIsConnectedAndJoinsIsNotDown() {
        watch.connected(7, true, nowMillis);
        watch.enterEpoch(Members.of("tests", 2, 8).membership(), nowMillis);
        assertEquals(MemberCondition.SOUND, member(7).condition());
    }

    @Test
    void eachMemberThatIsNotSoundTakesFromTheBudget() {
        pass(1000);
        watch.connected(1, false, nowMillis);
        assertEquals(MemberCondition.DOWN, member(1).condition());
        assertEquals(State.DEGRADED, health().state());
        assertEquals(1, health().faultBudget());
        watch.connected(2, false, nowMillis);
        assertEquals(State.AT_RISK, health().state());
        assertEquals(0, health().faultBudget());
        watch.connected(3, false, nowMillis);
        assertEquals(State.NO_QUORUM, health().state());
    }

    @Test
    void aMemberThatComesBackGivesTheBudgetBack() {
        watch.connected(1, false, nowMillis);
        watch.connected(1, true, nowMillis);
        pass(1000);
        assertEquals(State.HEALTHY, health().state());
    }

    @Test
    void whoSaysNothingIsMuteAndMoreAndMoreSuspected() {
        pass(1000);
        pass(1500, 4);
        assertEquals(MemberCondition.SOUND, member(4).condition());
        pass(1500, 4);
        assertEquals(MemberCondition.MUTE, member(4).condition());
        int before = member(4).suspicion();
        pass(2000, 4);
        assertTrue(member(4).suspicion() > before);
    }

    @Test
    void suspicionDecays() {
        pass(1000);
        watch.ledBadly(1, nowMillis);
        watch.ledBadly(1, nowMillis);
        assertEquals(MemberCondition.SUSPECTED, member(1).condition());
        assertEquals(PeerWatch.SUSPECTED_FROM, member(1).suspicion());
        pass(2000);
        assertEquals(MemberCondition.SOUND, member(1).condition());
        pass(60_000);
        assertEquals(0, member(1).suspicion());
    }

    @Test
    void aWrongStateIsSuspicionAtOnce() {
        pass(1000);
        watch.gaveWrongState(2, nowMillis);
        assertEquals(MemberCondition.SUSPECTED, member(2).condition());
    }

    @Test
    void suspicionHasAnEnd() {
        for (int i = 0; i < 100; i++) {
            watch.gaveWrongState(2, nowMillis);
        }
        assertEquals(PeerWatch.MAX_SUSPICION, member(2).suspicion());
    }

    @Test
    void whoFetchesForLongerThanAMomentRecovers() {
        watch.heard(3, LACKING, nowMillis);
        assertEquals(MemberCondition.SOUND, member(3).condition());
        watch.heard(3, LACKING, nowMillis);
        watch.heard(3, LACKING, nowMillis);
        assertEquals(MemberCondition.RECOVERING, member(3).condition());
        watch.heard(3, WELL, nowMillis);
        assertEquals(MemberCondition.SOUND, member(3).condition());
    }

    /** It votes, so there is a quorum; but it must not be relied on. */
    @Test
    void aLiarTakesPartAndCountsAgainstTheBudget() {
        pass(1000);
        ClusterHealth health = watch.health(true, member -> member == 5, nowMillis);
        assertEquals(MemberCondition.LIAR, health.members().get(5).condition());
        assertEquals(State.DEGRADED, health.state());
        assertEquals(1, health.faultBudget());
    }

    @Test
    void theReplicaItselfCountsToo() {
        pass(1000);
        ClusterHealth health = watch.health(false, member -> false, nowMillis);
        assertEquals(MemberCondition.RECOVERING, health.members().get(0).condition());
        assertEquals(State.DEGRADED, health.state());
    }
}
