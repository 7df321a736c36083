package io.atlassmr.server.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.server.config.ListenerLimits;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class HttpListenerTest {

    private final HttpListener listener = new HttpListener("test", new ListenerLimits(1, 1, 1000), 1000);

    @Test
    void itWatchesOnceItIsBeforeAPort() {
        assertFalse(listener.isWatching());

        EmbeddedChannel port = new EmbeddedChannel(listener);

        assertTrue(listener.isWatching());
        EmbeddedChannel accepted = new EmbeddedChannel();
        port.writeInbound(accepted);
        assertNotNull(accepted.pipeline().get(Entrance.class));
        assertEquals(accepted, port.readInbound());
    }

    @Test
    void aConnectionThatThereIsNoPlaceForIsClosedAndCounted() {
        EmbeddedChannel standing = new EmbeddedChannel();
        assertTrue(listener.enter(standing));
        EmbeddedChannel second = new EmbeddedChannel();

        assertTrue(listener.enter(second));

        assertFalse(standing.isOpen());
        assertTrue(second.isOpen());
        assertEquals(1, listener.connections());
        assertEquals(1, listener.count(HttpRefusal.TOO_MANY_CONNECTIONS));
    }
}
