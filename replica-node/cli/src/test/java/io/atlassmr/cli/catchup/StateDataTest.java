package io.atlassmr.cli.catchup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvFormatException;
import io.atlassmr.kv.KvOperation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StateDataTest {

    private static final StateData DATA = StateData.ofSize(1 << 20, 1008);

    @Test
    void keysAndValuesTogetherHaveTheSizeAskedFor() throws KvFormatException {
        assertEquals(1024, DATA.keys());
        assertEquals(1 << 20, DATA.sizeBytes());
        KvOperation.Put put = assertInstanceOf(KvOperation.Put.class, KvCodec.decodeOperation(DATA.put(7, 0)));
        assertEquals(1024, put.key().size() + put.value().size());
    }

    @Test
    void aRoundGivesAKeyAnotherValueEachTimeTheSame() {
        assertArrayEquals(DATA.put(7, 1), DATA.put(7, 1));
        assertFalse(Arrays.equals(DATA.put(7, 1), DATA.put(7, 2)));
    }

    @Test
    void aHundredthOfTheKeysChangesTheSameEachTime() {
        int[] changing = DATA.hundredth();
        assertEquals(10, changing.length);
        assertArrayEquals(changing, DATA.hundredth());
        assertEquals(10, Arrays.stream(changing).distinct().count());
        assertTrue(Arrays.stream(changing).allMatch(index -> index >= 0 && index < DATA.keys()));
    }
}
