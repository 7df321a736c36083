package io.atlassmr.runtime.replica.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import org.junit.jupiter.api.Test;

class DigestHistoryTest {

    private final DigestHistory history = new DigestHistory();

    private static Digest digest(long sequenceNumber) {
        return Sha256.of(new byte[] {(byte) sequenceNumber, (byte) (sequenceNumber >> 8)});
    }

    @Test
    void theLastDigestsAreKept() {
        for (long s = 1; s <= DigestHistory.CAPACITY + 5; s++) {
            history.add(s, digest(s));
        }
        DigestHistory.Range range = history.range(4, 4);
        assertEquals(4, range.firstSequenceNumber());
        assertNull(range.digests().get(0));
        assertNull(range.digests().get(1));
        assertEquals(digest(6).toHex(), range.digests().get(2));
        assertEquals(
                DigestHistory.CAPACITY,
                history.range(6, Integer.MAX_VALUE).digests().size());
        assertEquals(
                digest(DigestHistory.CAPACITY + 5).toHex(),
                history.range(6, Integer.MAX_VALUE).digests().getLast());
    }

    @Test
    void whatWasNotExecutedHereIsMissing() {
        history.add(7, digest(7));
        assertNull(history.range(0, 1).digests().getFirst());
        assertNull(history.range(8, 1).digests().getFirst());
        assertNull(history.range(-5, 1).digests().getFirst());
    }
}
