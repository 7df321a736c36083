package io.atlassmr.examples.bank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.client.ApplicationException;
import io.atlassmr.kv.InMemoryKvState;
import io.atlassmr.testing.AtlasCluster;
import io.atlassmr.testing.DeterminismCheck;
import io.atlassmr.testing.Misbehaviour;
import io.atlassmr.testing.NetworkKind;
import io.atlassmr.typed.CborCodec;
import io.atlassmr.typed.TypedApplication;
import io.atlassmr.typed.TypedClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Money is conserved, whatever fails. */
@Timeout(180)
class BankTest {

    private static final int ACCOUNTS = 10;
    private static final long DEPOSIT_CENTS = 1_000;

    @RegisterExtension
    final AtlasCluster cluster = AtlasCluster.of(BankTest::bank).withNetwork(NetworkKind.IN_MEMORY);

    private static TypedApplication bank() {
        return Bank.over(new InMemoryKvState());
    }

    private static <R> R result(CompletionStage<R> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static void openAccounts(TypedClient client) throws Exception {
        for (int i = 0; i < ACCOUNTS; i++) {
            result(client.ordered(new Bank.Open("a" + i, DEPOSIT_CENTS), Bank.Balance.class));
        }
    }

    /** Transfers at random, many at once; those that an account has not the money for are refused. */
    private static void transfer(TypedClient client, Random random, int count) {
        List<CompletableFuture<?>> transfers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Bank.Transfer transfer = new Bank.Transfer(
                    "a" + random.nextInt(ACCOUNTS), "a" + random.nextInt(ACCOUNTS), random.nextInt(2_000));
            transfers.add(client.ordered(transfer, Bank.Balance.class).toCompletableFuture());
        }
        for (CompletableFuture<?> each : transfers) {
            try {
                each.join();
            } catch (CompletionException refused) {
                assertInstanceOf(ApplicationException.class, refused.getCause());
            }
        }
    }

    private static void assertConserved(TypedClient client) throws Exception {
        assertEquals(
                new Bank.Sum(ACCOUNTS * DEPOSIT_CENTS, ACCOUNTS),
                result(client.unordered(new Bank.Total(), Bank.Sum.class)));
    }

    @Test
    void moneyMovesAndAnAccountIsNeverOverdrawn() throws Exception {
        TypedClient client = new TypedClient(cluster.client());
        openAccounts(client);
        assertEquals(
                new Bank.Balance("a0", 700),
                result(client.ordered(new Bank.Transfer("a0", "a1", 300), Bank.Balance.class)));
        assertEquals(
                new Bank.Balance("a1", 1_300), result(client.unordered(new Bank.BalanceOf("a1"), Bank.Balance.class)));
        CompletionException refused = assertThrows(
                CompletionException.class,
                () -> client.ordered(new Bank.Transfer("a0", "a1", 701), Bank.Balance.class)
                        .toCompletableFuture()
                        .join());
        assertEquals(
                "the application refused: java.lang.IllegalStateException: account a0 has 700 cents",
                assertInstanceOf(ApplicationException.class, refused.getCause()).getMessage());
        assertConserved(client);
    }

    @Test
    void moneyIsConservedWhileALeaderCrashes() throws Exception {
        TypedClient client = new TypedClient(cluster.client());
        openAccounts(client);
        Random random = new Random(1);
        transfer(client, random, 100);
        int leader = cluster.leader();
        cluster.kill(leader);
        transfer(client, random, 100);
        assertConserved(client);
        cluster.restart(leader);
        transfer(client, random, 100);
        cluster.awaitEqualStates();
        assertConserved(client);
    }

    @Test
    void moneyIsConservedWhileALeaderTellsTwoStories() throws Exception {
        TypedClient client = new TypedClient(cluster.client());
        openAccounts(client);
        cluster.makeByzantine(cluster.leader(), Misbehaviour.EQUIVOCATE);
        Random random = new Random(2);
        transfer(client, random, 200);
        assertConserved(client);
        cluster.awaitEqualStates();
    }

    @Test
    void itIsDeterministic() {
        CborCodec codec = new CborCodec();
        List<byte[]> operations = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < ACCOUNTS; i++) {
            operations.add(TypedClient.encode(new Bank.Open("a" + i, DEPOSIT_CENTS), codec));
        }
        for (int i = 0; i < 500; i++) {
            operations.add(TypedClient.encode(
                    new Bank.Transfer(
                            "a" + random.nextInt(ACCOUNTS + 1), "a" + random.nextInt(ACCOUNTS), random.nextInt(2_000)),
                    codec));
            operations.add(TypedClient.encode(new Bank.Total(), codec));
        }
        DeterminismCheck.of(BankTest::bank, operations);
    }
}
