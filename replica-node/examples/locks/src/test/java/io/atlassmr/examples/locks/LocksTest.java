package io.atlassmr.examples.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.kv.InMemoryKvState;
import io.atlassmr.testing.AtlasCluster;
import io.atlassmr.testing.DeterminismCheck;
import io.atlassmr.testing.NetworkKind;
import io.atlassmr.typed.CborCodec;
import io.atlassmr.typed.TypedApplication;
import io.atlassmr.typed.TypedClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class LocksTest {

    private static final CborCodec CODEC = new CborCodec();
    private static final ClientId CLIENT = ClientId.of(new byte[ClientId.SIZE_BYTES]);

    @RegisterExtension
    static final AtlasCluster CLUSTER = AtlasCluster.of(LocksTest::locks).withNetwork(NetworkKind.IN_MEMORY);

    private static TypedApplication locks() {
        return Locks.over(new InMemoryKvState());
    }

    /** A service of its own with a clock of the test's. */
    private static final class Alone {

        private final TypedApplication application = locks();
        private long timeMillis = 1_000;

        <R> R ordered(Object request, Class<R> reply) {
            OrderedContext context = new OrderedContext(1, 0, timeMillis, CLIENT);
            return CODEC.decode(application.executeOrdered(TypedClient.encode(request, CODEC), context), reply);
        }

        Locks.Lease acquire(String holder, long leaseMillis) {
            return ordered(new Locks.Acquire("l", holder, leaseMillis), Locks.Lease.class);
        }

        Locks.Lease holder() {
            byte[] request = TypedClient.encode(new Locks.Holder("l"), CODEC);
            return CODEC.decode(
                    application.executeUnordered(request, new UnorderedContext(1, CLIENT)), Locks.Lease.class);
        }
    }

    @Test
    void onlyOneHoldsALock() {
        Alone service = new Alone();
        assertEquals(new Locks.Lease(true, "a", 1, 1_100), service.acquire("a", 100));
        assertEquals(new Locks.Lease(false, "a", 1, 1_100), service.acquire("b", 100));
        assertEquals(new Locks.Lease(true, "a", 1, 1_100), service.holder());
    }

    @Test
    void aLeaseEndsWithTheAgreedTimeAndTheNextTokenIsHigher() {
        Alone service = new Alone();
        service.acquire("a", 100);
        service.timeMillis = 1_099;
        assertFalse(service.acquire("b", 100).isHeld());
        service.timeMillis = 1_100;
        assertEquals(new Locks.Lease(true, "b", 2, 1_200), service.acquire("b", 100));
    }

    @Test
    void whoHoldsItCanHaveItForLongerUnderTheSameToken() {
        Alone service = new Alone();
        service.acquire("a", 100);
        service.timeMillis = 1_050;
        assertEquals(new Locks.Lease(true, "a", 1, 1_150), service.acquire("a", 100));
    }

    @Test
    void whoSleptThroughItsLeaseGetsANewTokenAndCannotGiveBackAnothers() {
        Alone service = new Alone();
        service.acquire("a", 100);
        service.timeMillis = 2_000;
        service.acquire("b", 100);
        assertFalse(
                service.ordered(new Locks.Release("l", 1), Locks.Released.class).wasHeld());
        assertTrue(
                service.ordered(new Locks.Release("l", 2), Locks.Released.class).wasHeld());
        assertEquals(3, service.acquire("a", 100).token());
    }

    private static <R> R result(CompletionStage<R> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void aClusterGrantsALockOnceAlsoWhenItsLeaderCrashes() throws Exception {
        TypedClient client = new TypedClient(CLUSTER.client());
        Locks.Lease first = result(client.ordered(new Locks.Acquire("l", "a", 3_600_000), Locks.Lease.class));
        assertTrue(first.isHeld());
        CLUSTER.kill(CLUSTER.leader());
        Locks.Lease second = result(client.ordered(new Locks.Acquire("l", "b", 1_000), Locks.Lease.class));
        assertEquals(new Locks.Lease(false, "a", first.token(), first.endsAtMillis()), second);
    }

    @Test
    void itIsDeterministic() {
        List<byte[]> operations = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            String lock = "l" + random.nextInt(3);
            operations.add(TypedClient.encode(
                    random.nextInt(3) == 0
                            ? new Locks.Release(lock, random.nextInt(20))
                            : new Locks.Acquire(lock, "h" + random.nextInt(4), random.nextInt(1_000)),
                    CODEC));
        }
        DeterminismCheck.of(LocksTest::locks, operations);
    }
}
