package io.atlassmr.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.kv.InMemoryKvState;
import io.atlassmr.typed.Context;
import io.atlassmr.typed.MigrateSchema;
import io.atlassmr.typed.SchemaVersion;
import io.atlassmr.typed.Table;
import io.atlassmr.typed.TypedApplication;
import io.atlassmr.typed.TypedClient;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster gets a new program replica by replica, and then a new form of its state, everywhere at once. */
@Timeout(180)
class SchemaMigrationTest {

    private static final Table<Count> COUNTS = new Table<>("counts", Count.class);
    private static final int MORE_THAN_A_CHECKPOINT_INTERVAL = 120;

    record Count(long count) {}

    record Add(String name) {}

    private boolean isNewProgram;

    private TypedApplication program() {
        TypedApplication.Builder program = TypedApplication.over(new InMemoryKvState())
                .administrators(_ -> true)
                .ordered(Add.class, SchemaMigrationTest::add);
        return (isNewProgram ? program.migration(2, SchemaMigrationTest::migrate) : program).build();
    }

    /** Counts by ones in schema 1, by tens in schema 2. */
    private static Count add(Add request, Context context) {
        long before = context.read(COUNTS, request.name()).orElse(new Count(0)).count();
        Count after = new Count(before + (context.schemaVersion() == 1 ? 1 : 10));
        context.put(COUNTS, request.name(), after);
        return after;
    }

    private static void migrate(Context context) {
        context.scan(COUNTS, "", 1000)
                .forEach(row -> context.put(
                        COUNTS, row.key(), new Count(10 * row.value().count())));
    }

    private static <R> R result(CompletionStage<R> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void aRollingChangeOfTheProgramThenOneOfTheState() throws Exception {
        try (AtlasCluster cluster = AtlasCluster.of(this::program).withNetwork(NetworkKind.IN_MEMORY)) {
            cluster.start();
            TypedClient client = new TypedClient(cluster.client());
            assertEquals(new Count(1), result(client.ordered(new Add("a"), Count.class)));
            isNewProgram = true;
            for (int id = 0; id < 4; id++) {
                cluster.kill(id);
                cluster.restart(id);
                assertEquals(new Count(2 + id), result(client.ordered(new Add("a"), Count.class)));
                cluster.awaitEqualStates();
            }
            assertEquals(new SchemaVersion(2), result(client.ordered(new MigrateSchema(2), SchemaVersion.class)));
            assertEquals(new Count(60), result(client.ordered(new Add("a"), Count.class)));
            cluster.awaitEqualStates();

            // A checkpoint of the new form; a program that does not know it refuses to start on it.
            for (int i = 1; i <= MORE_THAN_A_CHECKPOINT_INTERVAL; i++) {
                result(client.ordered(new Add("b"), Count.class));
            }
            cluster.awaitEqualStates();
            cluster.kill(3);
            isNewProgram = false;
            String refused = assertThrows(IllegalStateException.class, () -> cluster.restart(3))
                    .getMessage();
            assertTrue(
                    refused.matches(
                            ".*the state of checkpoint \\d+ has schema version 2, and this program knows up to 1:"
                                    + " start the replica with a program that is as new as the state.*"),
                    refused);
            isNewProgram = true;
            cluster.restart(3);
            assertEquals(new Count(1210), result(client.ordered(new Add("b"), Count.class)));
            cluster.awaitEqualStates();
        }
    }
}
