package io.atlassmr.server.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.identity.Ed25519Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityFilesTest {

    @TempDir
    Path directory;

    private final Ed25519Identity first = Ed25519Identity.generate();
    private IdentityFiles files;

    @BeforeEach
    void store() throws IOException {
        files = new IdentityFiles(directory.resolve("identity.pem"));
        first.store(files.file());
    }

    private List<String> keys() throws IOException {
        return files.load().stream().map(key -> key.key().toHex()).toList();
    }

    @Test
    void aReplicaThatNeverChangedHasOneKey() throws IOException {
        assertEquals(List.of(first.key().toHex()), keys());
    }

    @Test
    void theNextKeyIsMadeOnceAndOutlivesAnInterruption() throws IOException {
        Ed25519Identity next = files.makeNext();
        assertArrayEquals(next.publicKey(), files.makeNext().publicKey());
        assertEquals(List.of(first.key().toHex(), next.key().toHex()), keys());
    }

    @Test
    void onceItIsInForceItTakesTheFirstPlaceAndTheOldOneStays() throws IOException {
        Ed25519Identity next = files.makeNext();
        assertTrue(files.changed(next.publicKey()));
        assertEquals(List.of(next.key().toHex(), first.key().toHex()), keys());
        assertFalse(files.changed(next.publicKey()));
        Ed25519Identity third = files.makeNext();
        assertTrue(files.changed(third.publicKey()));
        assertEquals(List.of(third.key().toHex(), next.key().toHex()), keys());
    }

    @Test
    void anEpochThatStillHasTheOldKeyChangesNothing() throws IOException {
        Ed25519Identity next = files.makeNext();
        assertFalse(files.changed(first.publicKey()));
        assertEquals(List.of(first.key().toHex(), next.key().toHex()), keys());
    }
}
