package io.atlassmr.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.DivisibleState;
import java.io.IOError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
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
    void aMediumThatFailsSaysWhatToDo() throws IOException {
        try (RocksDbKvState state = RocksDbKvState.open(temporary.resolve("state"))) {
            state.put(KEY, KEY);
            flush(state);
            damageTables();
            IOError thrown = assertThrows(IOError.class, () -> state.get(KEY));
            assertTrue(thrown.getMessage().contains(temporary.toString()), thrown.getMessage());
            assertTrue(thrown.getMessage().contains("Make room on that disk"), thrown.getMessage());
        }
    }

    /** To save an image is to write what is in memory. */
    private void flush(RocksDbKvState state) throws IOException {
        DivisibleState divisible = assertInstanceOf(DivisibleState.class, state.replicatedState());
        try (DivisibleState.Image image = divisible.capture(1)) {
            image.saveTo(temporary.resolve("image"));
        }
    }

    private void damageTables() throws IOException {
        try (Stream<Path> files = Files.walk(temporary.resolve("state"))) {
            for (Path table :
                    files.filter(file -> file.toString().endsWith(".sst")).toList()) {
                byte[] content = Files.readAllBytes(table);
                Arrays.fill(content, 0, content.length / 2, (byte) 0x55);
                Files.write(table, content, StandardOpenOption.WRITE);
            }
        }
    }

    @Test
    void closingTwiceIsClosingOnce() throws IOException {
        RocksDbKvState state = RocksDbKvState.open(temporary);
        state.close();
        state.close();
    }
}
