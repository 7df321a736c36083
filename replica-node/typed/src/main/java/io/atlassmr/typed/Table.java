package io.atlassmr.typed;

import io.atlassmr.api.ReadView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Values of one type under keys of text, in the order of the keys' UTF-8 bytes. In the state a key is the table's name, a zero
 * byte, and the key.
 *
 * @param name distinguishes the table from others of the application; not empty, without U+0000
 * @param type a record
 */
public record Table<V>(String name, Class<V> type) {

    public Table {
        if (name.isEmpty() || name.indexOf(0) >= 0) {
            throw new IllegalArgumentException("a table's name is not empty and has no U+0000");
        }
    }

    byte[] key(String key) {
        byte[] prefix = name.getBytes(StandardCharsets.UTF_8);
        byte[] suffix = key.getBytes(StandardCharsets.UTF_8);
        if (prefix.length + 1 + suffix.length > ReadView.MAX_KEY_BYTES) {
            throw new IllegalArgumentException("a key of table " + name + " has at most "
                    + (ReadView.MAX_KEY_BYTES - 1 - prefix.length) + " bytes in UTF-8, got " + suffix.length);
        }
        return ByteBuffer.allocate(prefix.length + 1 + suffix.length)
                .put(prefix)
                .put((byte) 0)
                .put(suffix)
                .array();
    }

    /** Above every key of the table. */
    byte[] end() {
        byte[] end = key("");
        end[end.length - 1] = 1;
        return end;
    }

    String text(byte[] key) {
        int prefixBytes = name.getBytes(StandardCharsets.UTF_8).length + 1;
        return new String(key, prefixBytes, key.length - prefixBytes, StandardCharsets.UTF_8);
    }
}
