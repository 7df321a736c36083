package io.atlassmr.server.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.identity.IdentityKey;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {

    private final ConnectionTable table = new ConnectionTable(3, 2);
    private final Channel first = new EmbeddedChannel();
    private final Channel second = new EmbeddedChannel();
    private final Channel third = new EmbeddedChannel();
    private final Channel fourth = new EmbeddedChannel();

    private static Optional<IdentityKey> caller(int number) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) number);
        return Optional.of(IdentityKey.of(key));
    }

    @Test
    void theNewcomerOfLongestStandingMakesRoom() {
        table.enter(first);
        table.enter(second);
        table.enter(third);
        assertTrue(table.prove(first, caller(1)));

        assertEquals(Optional.of(second), table.enter(fourth));
        assertEquals(3, table.size());
    }

    @Test
    void whoHasProvenHimselfStays() {
        for (Channel channel : new Channel[] {first, second, third}) {
            assertEquals(Optional.empty(), table.enter(channel));
            assertTrue(table.prove(channel, Optional.empty()));
        }

        assertEquals(Optional.of(fourth), table.enter(fourth));
        assertEquals(3, table.size());
    }

    @Test
    void aCallerHasSoManyAndOthersHaveTheirOwn() {
        table.enter(first);
        table.enter(second);
        table.enter(third);

        assertTrue(table.prove(first, caller(1)));
        assertTrue(table.prove(second, caller(1)));
        assertFalse(table.prove(third, caller(1)));
        assertEquals(2, table.size());
        table.enter(fourth);
        assertTrue(table.prove(fourth, caller(2)));
    }

    @Test
    void whoLeavesMakesRoomForHisNext() {
        table.enter(first);
        table.enter(second);
        assertTrue(table.prove(first, caller(1)));
        assertTrue(table.prove(second, caller(1)));
        table.leave(first);
        table.leave(first);

        table.enter(third);
        assertTrue(table.prove(third, caller(1)));
        table.enter(fourth);
        assertFalse(table.prove(fourth, caller(1)));
        assertEquals(2, table.size());
    }
}
