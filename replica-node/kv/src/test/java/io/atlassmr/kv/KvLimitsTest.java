package io.atlassmr.kv;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class KvLimitsTest {

    private static final Bytes KEY = Bytes.ofUtf8("k");
    private static final Bytes LONGEST_KEY = zeros(KvLimits.MAX_KEY_BYTES);
    private static final Bytes TOO_LONG_KEY = zeros(KvLimits.MAX_KEY_BYTES + 1);
    private static final Bytes LONGEST_VALUE = zeros(KvLimits.MAX_VALUE_BYTES);
    private static final Bytes TOO_LONG_VALUE = zeros(KvLimits.MAX_VALUE_BYTES + 1);

    @Test
    void theLongestKeyAndValueAreAllowed() {
        assertDoesNotThrow(() -> new KvOperation.Put(LONGEST_KEY, LONGEST_VALUE));
        assertDoesNotThrow(() -> new KvOperation.Get(LONGEST_KEY));
        assertDoesNotThrow(() -> new KvOperation.Delete(LONGEST_KEY));
        assertDoesNotThrow(() -> new KvOperation.CompareAndSet(LONGEST_KEY, Optional.of(LONGEST_VALUE), LONGEST_VALUE));
        assertDoesNotThrow(() -> KvOperation.Scan.range(LONGEST_KEY, LONGEST_KEY, KvLimits.MAX_SCAN_ENTRIES));
    }

    @Test
    void aKeyIsNeitherEmptyNorTooLong() {
        for (Bytes key : List.of(Bytes.EMPTY, TOO_LONG_KEY)) {
            assertRefused(() -> new KvOperation.Put(key, KEY));
            assertRefused(() -> new KvOperation.Get(key));
            assertRefused(() -> new KvOperation.Delete(key));
            assertRefused(() -> new KvOperation.CompareAndSet(key, Optional.empty(), KEY));
            assertRefused(() -> KvOperation.Scan.range(KEY, key, 1));
            assertRefused(() -> new KvEntry(key, KEY));
        }
    }

    @Test
    void aScanMayStartAtTheEmptyKeyButNotAtATooLongOne() {
        assertDoesNotThrow(() -> KvOperation.Scan.prefix(Bytes.EMPTY, 1));
        assertRefused(() -> KvOperation.Scan.prefix(TOO_LONG_KEY, 1));
    }

    @Test
    void aValueIsNotTooLong() {
        assertRefused(() -> new KvOperation.Put(KEY, TOO_LONG_VALUE));
        assertRefused(() -> new KvOperation.CompareAndSet(KEY, Optional.of(TOO_LONG_VALUE), KEY));
        assertRefused(() -> new KvOperation.CompareAndSet(KEY, Optional.empty(), TOO_LONG_VALUE));
        assertRefused(() -> new KvResult.Found(TOO_LONG_VALUE));
        assertRefused(() -> new KvResult.NotSwapped(Optional.of(TOO_LONG_VALUE)));
    }

    @Test
    void aScanAsksForAPageOfEntriesAtMost() {
        assertRefused(() -> KvOperation.Scan.prefix(KEY, 0));
        assertRefused(() -> KvOperation.Scan.prefix(KEY, -1));
        assertRefused(() -> KvOperation.Scan.prefix(KEY, KvLimits.MAX_SCAN_ENTRIES + 1));
    }

    @Test
    void aPageHasAPageOfEntriesAtMost() {
        List<KvEntry> entries = new ArrayList<>();
        for (int i = 0; i <= KvLimits.MAX_SCAN_ENTRIES; i++) {
            entries.add(new KvEntry(Bytes.ofUtf8("%04d".formatted(i)), Bytes.EMPTY));
        }
        assertRefused(() -> new KvResult.Page(entries, Optional.empty()));
    }

    private static void assertRefused(Executable construction) {
        assertThrows(IllegalArgumentException.class, construction);
    }

    private static Bytes zeros(int sizeBytes) {
        return Bytes.copyOf(new byte[sizeBytes]);
    }
}
