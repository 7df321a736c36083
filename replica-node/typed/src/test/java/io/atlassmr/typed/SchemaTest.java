package io.atlassmr.typed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.CrudState;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.kv.InMemoryKvState;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Names are kept as they came in schema 1, and in capital letters in schema 2. */
class SchemaTest {

    private static final Table<Name> NAMES = new Table<>("names", Name.class);
    private static final Codec CODEC = new CborCodec();
    private static final ClientId ADMINISTRATOR = client(1);
    private static final ClientId SOMEBODY = client(2);

    record Name(String name) {}

    record Add(String name) {}

    record Get(String name) {}

    private final CrudState entries = new InMemoryKvState();
    private final TypedApplication old = program().build();
    private final TypedApplication current =
            program().migration(2, SchemaTest::capitalise).build();

    private static ClientId client(int number) {
        byte[] id = new byte[ClientId.SIZE_BYTES];
        Arrays.fill(id, (byte) number);
        return ClientId.of(id);
    }

    private TypedApplication.Builder program() {
        return TypedApplication.over(entries)
                .administrators(ADMINISTRATOR::equals)
                .ordered(Add.class, SchemaTest::add)
                .ordered(
                        Get.class,
                        (request, context) ->
                                context.read(NAMES, request.name()).orElse(new Name("nobody")));
    }

    private static Name add(Add request, Context context) {
        Name name = new Name(context.schemaVersion() == 1 ? request.name() : capital(request.name()));
        context.put(NAMES, request.name(), name);
        return name;
    }

    private static String capital(String name) {
        return name.toUpperCase(Locale.ROOT);
    }

    private static void capitalise(Context context) {
        context.scan(NAMES, "", 1000)
                .forEach(row -> context.put(
                        NAMES, row.key(), new Name(capital(row.value().name()))));
    }

    private static <R> R execute(TypedApplication program, ClientId client, Object request, Class<R> reply) {
        OrderedContext context = new OrderedContext(7, 0, 1000, client);
        return CODEC.decode(program.executeOrdered(TypedClient.encode(request, CODEC), context), reply);
    }

    @Test
    void aNewProgramGoesOnWithTheOldFormUntilItIsAskedToMigrate() {
        execute(old, SOMEBODY, new Add("ada"), Name.class);
        assertEquals(new Name("bob"), execute(current, SOMEBODY, new Add("bob"), Name.class));
        assertEquals(1, current.schemaVersion());
        assertEquals(2, current.newestSchemaVersion());
        assertEquals(new SchemaVersion(2), execute(current, ADMINISTRATOR, new MigrateSchema(2), SchemaVersion.class));
        assertEquals(new Name("ADA"), execute(current, SOMEBODY, new Get("ada"), Name.class));
        assertEquals(new Name("EVE"), execute(current, SOMEBODY, new Add("eve"), Name.class));
        assertEquals(2, current.schemaVersion());
    }

    @Test
    void migratingAgainHasNoEffect() {
        execute(current, ADMINISTRATOR, new MigrateSchema(2), SchemaVersion.class);
        execute(current, SOMEBODY, new Add("ada"), Name.class);
        assertEquals(new SchemaVersion(2), execute(current, ADMINISTRATOR, new MigrateSchema(1), SchemaVersion.class));
        assertEquals(new SchemaVersion(2), execute(current, ADMINISTRATOR, new MigrateSchema(2), SchemaVersion.class));
    }

    @Test
    void aProgramThatDoesNotKnowTheSchemaStops() {
        assertEquals(
                "decision 7 moves the state to schema version 2, and this program knows up to 1: start the replica again"
                        + " with the newer program",
                assertThrows(
                                SchemaTooNewError.class,
                                () -> execute(old, ADMINISTRATOR, new MigrateSchema(2), SchemaVersion.class))
                        .getMessage());
        assertEquals(1, old.schemaVersion());
    }

    @Test
    void aSlipIsRefusedByAllAlike() {
        for (TypedApplication program : new TypedApplication[] {old, current}) {
            assertEquals(
                    "the state has schema version 1 and moves by one at a time, not to 22",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> execute(program, ADMINISTRATOR, new MigrateSchema(22), SchemaVersion.class))
                            .getMessage());
        }
    }

    @Test
    void nobodyElseMayMigrate() {
        assertEquals(
                "client 0202020202020202 may not migrate the state: it is no administrator of it",
                assertThrows(
                                IllegalStateException.class,
                                () -> execute(current, SOMEBODY, new MigrateSchema(2), SchemaVersion.class))
                        .getMessage());
    }

    @Test
    void migrationsHaveNoGaps() {
        TypedApplication.Builder gap = program().migration(3, context -> {});
        assertThrows(IllegalArgumentException.class, gap::build);
        TypedApplication.Builder twice = program().migration(2, context -> {});
        assertThrows(IllegalArgumentException.class, () -> twice.migration(2, context -> {}));
    }
}
