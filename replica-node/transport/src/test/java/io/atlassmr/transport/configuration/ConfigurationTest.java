package io.atlassmr.transport.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.TestConfiguration;
import io.atlassmr.transport.frame.FrameLimits;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A wrong value names its key, what it was, and what it may be. */
class ConfigurationTest {

    private static final IdentityKey KEY = Ed25519Identity.generate().key();

    @Test
    void aTransportsBoundsAreChecked() {
        assertRefused(
                "silenceTimeoutMillis is 2; allowed is 3 to 86400000",
                () -> new TestConfiguration().silenceTimeoutMillis(2).build());
        assertRefused(
                "queueMaxFrames is 0; allowed is 1 to 16777216",
                () -> new TestConfiguration().queueMaxFrames(0).build());
    }

    @Test
    void aServersBoundsAreChecked() {
        assertRefused("port is 65536; allowed is 0 to 65535", () -> server("::", 65_536, 1));
        assertRefused("bindHost is empty; give a name or an address, 0.0.0.0 for all", () -> server(" ", 0, 1));
        assertRefused("maxConnections is 0; allowed is 1 and more", () -> server("::", 0, 0));
    }

    @Test
    void anEndpointIsChecked() {
        assertRefused("the port to connect to is 0; allowed is 1 to 65535", () -> new Endpoint("host", 0, KEY));
        assertRefused("the host to connect to is empty", () -> new Endpoint("", 1, KEY));
    }

    @Test
    void frameLimitsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> FrameLimits.of(Map.of()));
        assertThrows(IllegalArgumentException.class, () -> FrameLimits.of(Map.of(FrameLimits.CONTROL_CLASS, 1)));
        assertThrows(IllegalArgumentException.class, () -> FrameLimits.of(Map.of(FrameLimits.MAX_CLASS + 1, 1)));
        assertThrows(IllegalArgumentException.class, () -> FrameLimits.of(Map.of(1, -1)));
        assertTrue(FrameLimits.of(Map.of(FrameLimits.MAX_CLASS, 0)).knows(FrameLimits.MAX_CLASS));
        assertFalse(FrameLimits.CLIENT.knows(1));
    }

    private static ServerConfiguration server(String host, int port, int maxConnections) {
        return new ServerConfiguration(host, port, FrameLimits.CLIENT, maxConnections, 1, 1);
    }

    private static void assertRefused(String message, Executable construction) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, construction).getMessage());
    }
}
