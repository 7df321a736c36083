package io.atlassmr.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.CrudState;
import io.atlassmr.api.CrudView;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReadView;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.kv.InMemoryKvState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeterminismCheckTest {

    /** Does what a test says with one entry. */
    private record Small(CrudState entries, Operation operation) implements ScalableApplication {

        interface Operation {
            byte[] execute(byte[] operation, CrudView view);
        }

        @Override
        public byte[] executeOrdered(byte[] bytes, OrderedContext context, CrudView view) {
            return operation.execute(bytes, view);
        }

        @Override
        public byte[] executeUnordered(byte[] bytes, UnorderedContext context, ReadView view) {
            return bytes;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> operations(int count) {
        return IntStream.range(0, count).mapToObj(i -> bytes("op" + i)).toList();
    }

    private static void check(Small.Operation operation) {
        DeterminismCheck.of(() -> new Small(new InMemoryKvState(), operation), operations(50));
    }

    private static byte[] append(byte[] operation, CrudView view) {
        byte[] before = view.read(bytes("log"));
        String after = (before == null ? "" : new String(before, StandardCharsets.UTF_8)) + (char) operation.length;
        view.put(bytes("log"), bytes(after));
        return bytes(after);
    }

    @Test
    void aDeterministicApplicationPasses() {
        check(DeterminismCheckTest::append);
    }

    @Test
    void aResultThatDiffersIsNamed() {
        AtomicInteger calls = new AtomicInteger();
        AssertionError found = assertThrows(
                AssertionError.class,
                () -> check((operation, view) -> new String(operation, StandardCharsets.UTF_8).equals("op7")
                        ? bytes("call " + calls.incrementAndGet())
                        : operation));
        assertEquals(
                "operation 7 gives OK \"call 1\" and OK \"call 2\" in two runs, one after the other",
                found.getMessage());
    }

    @Test
    void aStateThatDiffersIsNamed() {
        AtomicInteger calls = new AtomicInteger();
        AssertionError found = assertThrows(
                AssertionError.class,
                () -> check((operation, view) -> {
                    view.put(bytes("k"), bytes(operation.length == 4 ? "" + calls.incrementAndGet() : "same"));
                    return operation;
                }));
        assertEquals("operation 10 leaves unequal states in two runs, one after the other", found.getMessage());
    }

    @Test
    void whatIsKeptOutsideOfTheViewIsFoundByRunningAtOnce() {
        AssertionError found = assertThrows(
                AssertionError.class,
                () -> DeterminismCheck.of(
                        () -> {
                            AtomicInteger outside = new AtomicInteger();
                            return new Small(new InMemoryKvState(), (operation, view) -> {
                                byte[] result = bytes("" + outside.incrementAndGet());
                                // Something to conflict about, so that operations are executed again.
                                append(operation, view);
                                return result;
                            });
                        },
                        operations(200)));
        assertTrue(found.getMessage().contains("in a run of all operations at once"), found.getMessage());
    }
}
