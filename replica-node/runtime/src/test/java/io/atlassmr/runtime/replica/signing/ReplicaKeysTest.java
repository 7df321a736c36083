package io.atlassmr.runtime.replica.signing;

import static org.junit.jupiter.api.Assertions.assertSame;

import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.runtime.fixture.KeyedDigest;
import io.atlassmr.runtime.fixture.TestCluster;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Replica 2 has another key from epoch 2 on. */
class ReplicaKeysTest {

    private static final int SELF = 2;

    private final Signer first = KeyedDigest.signer(TestCluster.replicaKey(SELF));
    private final Signer second = KeyedDigest.signer(TestCluster.replicaKey(9));
    private final ReplicaKeys keys = ReplicaKeys.of(first);

    private static Roster roster(boolean proven) {
        Membership genesis = TestCluster.membership();
        List<Member> members = genesis.members().stream()
                .map(member -> member.id() == SELF
                        ? new Member(SELF, TestCluster.replicaKey(9), member.host(), 7000, 7001)
                        : member)
                .toList();
        EpochHistory epochs = EpochHistory.of(genesis).plus(new Epoch(Membership.of("tests", 2, members), 10));
        return new Roster(epochs, proven ? 2 : 1, new TreeMap<>(), members);
    }

    @Test
    void eachEpochHasItsKey() {
        keys.add(second);
        assertSame(first, keys.in(1, SELF, roster(true)));
        assertSame(second, keys.in(2, SELF, roster(true)));
    }

    @Test
    void itShowsTheNewKeyOnceTheEpochIsProven() {
        keys.add(second);
        keys.follow(SELF, roster(false));
        assertSame(first, keys.current());
        keys.follow(SELF, roster(true));
        assertSame(second, keys.current());
    }

    @Test
    void whoLostTheNewKeyGoesOnWithTheOldOneAndIsNotBelieved() {
        keys.follow(SELF, roster(true));
        assertSame(first, keys.current());
        assertSame(first, keys.in(2, SELF, roster(true)));
    }
}
