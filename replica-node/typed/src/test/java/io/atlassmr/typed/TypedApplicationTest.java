package io.atlassmr.typed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.kv.InMemoryKvState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypedApplicationTest {

    private static final Table<Note> NOTES = new Table<>("notes", Note.class);
    private static final Table<Note> NOTES_TOO = new Table<>("notes2", Note.class);
    private static final ClientId CLIENT = ClientId.of(new byte[32]);

    record Note(String text, long writtenAtMillis) {}

    record Write(String key, String text) {}

    record Remove(String key) {}

    record ListFrom(String key, int limit) {}

    record Keys(List<String> keys) {}

    record Done(boolean changed) {}

    private final Codec codec = new CborCodec();
    private final TypedApplication application = TypedApplication.over(new InMemoryKvState())
            .ordered(Write.class, TypedApplicationTest::write)
            .ordered(Remove.class, (request, context) -> new Done(context.delete(NOTES, request.key())))
            .unordered(ListFrom.class, TypedApplicationTest::list)
            .build();

    private static Done write(Write request, Context context) {
        Note note = new Note(request.text(), context.agreedTimeMillis());
        context.put(NOTES_TOO, request.key(), note);
        boolean isNew = context.create(NOTES, request.key(), note);
        if (!isNew && request.text().isEmpty()) {
            throw new IllegalStateException("would overwrite "
                    + context.read(NOTES, request.key()).orElseThrow().text());
        }
        return new Done(isNew || context.update(NOTES, request.key(), note));
    }

    private static Keys list(ListFrom request, ReadContext context) {
        return new Keys(context.scan(NOTES, request.key(), request.limit()).stream()
                .map(row ->
                        row.key() + "=" + row.value().text() + "@" + row.value().writtenAtMillis())
                .toList());
    }

    private <R> R ordered(Object request, Class<R> reply) {
        OrderedContext context = new OrderedContext(1, 0, 77, CLIENT);
        return codec.decode(application.executeOrdered(TypedClient.encode(request, codec), context), reply);
    }

    private <R> R unordered(Object request, Class<R> reply) {
        UnorderedContext context = new UnorderedContext(1, CLIENT);
        return codec.decode(application.executeUnordered(TypedClient.encode(request, codec), context), reply);
    }

    @Test
    void recordsGoInAndComeOut() {
        assertTrue(ordered(new Write("b", "two"), Done.class).changed());
        assertTrue(ordered(new Write("a", "one"), Done.class).changed());
        assertEquals(
                List.of("a=one@77", "b=two@77"),
                unordered(new ListFrom("", 10), Keys.class).keys());
        assertEquals(
                List.of("b=two@77"),
                unordered(new ListFrom("b", 10), Keys.class).keys());
        assertEquals(
                List.of("a=one@77"), unordered(new ListFrom("", 1), Keys.class).keys());
        assertEquals(List.of(), unordered(new ListFrom("", 0), Keys.class).keys());
        assertTrue(ordered(new Remove("a"), Done.class).changed());
        assertFalse(ordered(new Remove("a"), Done.class).changed());
    }

    @Test
    void anOperationThatThrowsHasChangedNothing() {
        ordered(new Write("a", "one"), Done.class);
        assertEquals(
                "would overwrite one",
                assertThrows(IllegalStateException.class, () -> ordered(new Write("a", ""), Done.class))
                        .getMessage());
        assertEquals(
                List.of("a=one@77"), unordered(new ListFrom("", 10), Keys.class).keys());
    }

    @Test
    void aReadMayBeOrderedAndAChangeMustBe() {
        ordered(new Write("a", "one"), Done.class);
        assertEquals(
                List.of("a=one@77"), ordered(new ListFrom("", 10), Keys.class).keys());
        assertEquals(
                "a Remove may change the state and must be sent as an ordered request",
                assertThrows(IllegalArgumentException.class, () -> unordered(new Remove("a"), Done.class))
                        .getMessage());
    }

    private String refused(byte[] operation) {
        OrderedContext context = new OrderedContext(1, 0, 77, CLIENT);
        return assertThrows(IllegalArgumentException.class, () -> application.executeOrdered(operation, context))
                .getMessage();
    }

    @Test
    void whatIsNoOperationIsRefusedInWordsThatFollowFromItAlone() {
        record Unknown(int x) {}
        assertEquals("not a typed operation of format 1", refused(new byte[0]));
        assertEquals("not a typed operation of format 1", refused(new byte[] {2, 0}));
        assertEquals("the operation ends within its name", refused(new byte[] {1, 9, 'a'}));
        assertEquals(
                "there is no operation Unknown; there are [ListFrom, MigrateSchema, Remove, Write]",
                refused(TypedClient.encode(new Unknown(1), codec)));
        byte[] cut = TypedClient.encode(new Remove("a"), codec);
        assertEquals("the 7 bytes are no Remove in CBOR", refused(Arrays.copyOf(cut, cut.length - 1)));
    }

    @Test
    void equalValuesHaveEqualBytes() {
        Map<String, Integer> one = new HashMap<>();
        Map<String, Integer> other = new LinkedHashMap<>();
        for (int i = 0; i < 100; i++) {
            one.put("k" + i, i);
            other.put("k" + (99 - i), 99 - i);
        }
        assertArrayEquals(codec.encode(one), codec.encode(other));
    }

    @Test
    void whatTheTypeDoesNotHaveIsRefused() {
        record Old(String key, int more) {}
        byte[] bytes = codec.encode(new Old("a", 1));
        assertThrows(IllegalArgumentException.class, () -> codec.decode(bytes, Remove.class));
        assertThrows(IllegalArgumentException.class, () -> codec.decode(codec.encode(null), Remove.class));
    }

    @Test
    void twoOperationsOfOneNameAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> TypedApplication.over(new InMemoryKvState())
                        .ordered(Remove.class, (request, context) -> request)
                        .unordered(Remove.class, (request, context) -> request));
    }
}
