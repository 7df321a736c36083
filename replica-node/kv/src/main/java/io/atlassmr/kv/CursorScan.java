package io.atlassmr.kv;

import io.atlassmr.api.ReadView;
import java.util.Arrays;

/** Shows what a cursor passes to a visitor. */
final class CursorScan {

    private CursorScan() {}

    /** @param to the first key no longer shown, null for none */
    static void visit(KvState.Cursor cursor, byte[] to, ReadView.Visitor visitor) {
        while (cursor.advance()) {
            byte[] key = cursor.key().unsafeArray();
            if (to != null && Arrays.compareUnsigned(key, to) >= 0) {
                return;
            }
            if (!visitor.visit(key, cursor.value().unsafeArray())) {
                return;
            }
        }
    }
}
