package io.atlassmr.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksDbKvStateTest {

    private static final Bytes KEY = Bytes.ofUtf8("key");

    @TempDir
    private Path temporary;

    @Test
    void openingStartsFromNothing() throws IOException {
        try (RocksDbKvState state = RocksDbKvState.open(temporary)) {
            state.put(KEY, KEY);
        }
        try (RocksDbKvState state = RocksDbKvState.open(temporary)) {
            assertEquals(Optional.empty(), state.get(KEY));
        }
    }

    @Test
    void openingLeavesFilesThatAreNotTheDatabases() throws IOException {
        Path precious = Files.writeString(temporary.resolve("precious"), "data");
        RocksDbKvState.open(temporary).close();
        assertEquals("data", Files.readString(precious));
    }

    @Test
    void aMissingDirectoryIsCreated() throws IOException {
        Path directory = temporary.resolve("a").resolve("b");
        RocksDbKvState.open(directory).close();
        assertTrue(Files.isDirectory(directory));
    }

    @Test
    void aDirectoryInUseIsRefusedByNameAndItsStateGoesOn() throws IOException {
        try (RocksDbKvState state = RocksDbKvState.open(temporary)) {
            state.put(KEY, KEY);
            IOException thrown = assertThrows(IOException.class, () -> RocksDbKvState.open(temporary));
            assertTrue(thrown.getMessage().contains(temporary.toString()), thrown.getMessage());
            assertEquals(Optional.of(KEY), state.get(KEY));
        }
    }

    @Test
    void closingTwiceIsClosingOnce() throws IOException {
        RocksDbKvState state = RocksDbKvState.open(temporary);
        state.close();
        state.close();
    }
}
