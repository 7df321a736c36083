package io.atlassmr.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.atlassmr.api.Change;
import io.atlassmr.api.CrudState;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.ReadView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entries as executors use them: changed by lists of changes, read by snapshots. */
class KvStateSnapshotTest {

    enum Kind {
        IN_MEMORY,
        ROCKSDB
    }

    @TempDir
    Path directory;

    private KvState open(Kind kind, String name) throws IOException {
        return switch (kind) {
            case IN_MEMORY -> new InMemoryKvState();
            case ROCKSDB -> RocksDbKvState.open(directory.resolve(name));
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Change set(String key, String value) {
        return new Change(bytes(key), bytes(value));
    }

    private static Change remove(String key) {
        return new Change(bytes(key), null);
    }

    private static String all(ReadView view) {
        StringBuilder found = new StringBuilder();
        view.scan(new byte[0], null, (key, value) -> {
            found.append(new String(key, StandardCharsets.UTF_8))
                    .append('=')
                    .append(new String(value, StandardCharsets.UTF_8))
                    .append(' ');
            return true;
        });
        return found.toString().strip();
    }

    @ParameterizedTest
    @EnumSource
    void aSnapshotStaysAsItIs(Kind kind) throws IOException {
        try (KvState state = open(kind, "state")) {
            state.apply(List.of(set("a", "1"), set("b", "2")));
            try (CrudState.Snapshot snapshot = state.snapshot()) {
                state.apply(List.of(remove("a"), set("b", "3"), set("c", "4")));
                assertEquals("a=1 b=2", all(snapshot));
                assertArrayEquals(bytes("1"), snapshot.read(bytes("a")));
                assertNull(snapshot.read(bytes("c")));
                assertEquals("b=3 c=4", all(state));
                assertNull(state.read(bytes("a")));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aScanHasBoundsAndEndsWhenItsVisitorWants(Kind kind) throws IOException {
        try (KvState state = open(kind, "state")) {
            state.apply(List.of(set("a", "1"), set("b", "2"), set("c", "3")));
            assertEquals(2, state.scan(bytes("b"), null, 10).size());
            assertEquals(1, state.scan(bytes("b"), bytes("c"), 10).size());
            assertEquals(2, state.scan(bytes(""), null, 2).size());
        }
    }

    /** Checkpoints have to be the same whether operations are applied one by one or together. */
    @Test
    void partsDoNotDependOnHowChangesAreGrouped() throws IOException {
        try (KvState oneByOne = open(Kind.ROCKSDB, "one-by-one");
                KvState together = open(Kind.ROCKSDB, "together")) {
            for (KvState state : List.of(oneByOne, together)) {
                state.apply(List.of(set("a", "1"), set("b", "2")));
                parts(state, 10);
            }
            oneByOne.apply(List.of(set("new", "1")));
            oneByOne.apply(List.of(set("a", "2")));
            oneByOne.apply(List.of(remove("new")));
            oneByOne.apply(List.of(set("a", "1")));
            together.apply(List.of(set("a", "1"), remove("new")));
            assertEquals(parts(oneByOne, 20), parts(together, 20));
            oneByOne.apply(List.of(set("new", "1")));
            oneByOne.apply(List.of(remove("new")));
            together.apply(List.of(remove("new")));
            assertEquals(parts(oneByOne, 30), parts(together, 30));
        }
    }

    private static List<String> parts(KvState state, long sequenceNumber) throws IOException {
        if (!(state.replicatedState() instanceof DivisibleState divisible)) {
            throw new AssertionError("not divisible");
        }
        try (DivisibleState.Image image = divisible.capture(sequenceNumber)) {
            return image.parts().stream()
                    .map(part -> part.version() + " " + Arrays.toString(part.digest()))
                    .toList();
        }
    }
}
