package io.atlassmr.kv;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.BiConsumer;

/**
 * The bytes of a whole state, big-endian: magic (4), version (2), entries in ascending key order (key length (2), key,
 * value length (4), value), a zero key length, entry count (8), SHA-256 of all before (32), end of stream. Equal states
 * have equal bytes. The count comes last so that one pass writes it and no state has to keep it.
 */
final class KvSnapshot {

    private static final int MAGIC = 0x41_54_4B_56; // "ATKV"
    private static final int VERSION = 1;
    private static final int END_OF_ENTRIES = 0;
    private static final int BUFFER_BYTES = 1 << 16;

    private KvSnapshot() {}

    /** Writes the entries that {@code cursor} has not passed. */
    static void write(KvState.Cursor cursor, OutputStream output) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(output, BUFFER_BYTES);
        DigestOutputStream digested = new DigestOutputStream(buffered, sha256());
        DataOutputStream data = new DataOutputStream(digested);
        data.writeInt(MAGIC);
        data.writeShort(VERSION);
        long entryCount = 0;
        while (cursor.advance()) {
            Bytes key = cursor.key();
            Bytes value = cursor.value();
            data.writeShort(key.size());
            data.write(key.unsafeArray());
            data.writeInt(value.size());
            data.write(value.unsafeArray());
            entryCount++;
        }
        data.writeShort(END_OF_ENTRIES);
        data.writeLong(entryCount);
        buffered.write(digested.getMessageDigest().digest());
        buffered.flush();
    }

    /**
     * Gives {@code target} the entries in order, and returns only if the snapshot is whole: until then they are not to
     * be used.
     */
    static void read(InputStream input, BiConsumer<Bytes, Bytes> target) throws IOException {
        try {
            readWhole(input, target);
        } catch (EOFException e) {
            throw new IOException("key-value snapshot is cut short", e);
        }
    }

    private static void readWhole(InputStream input, BiConsumer<Bytes, Bytes> target) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(input, BUFFER_BYTES);
        DigestInputStream digested = new DigestInputStream(buffered, sha256());
        DataInputStream data = new DataInputStream(digested);
        int magic = data.readInt();
        if (magic != MAGIC) {
            throw new IOException("not a key-value snapshot: magic 0x" + Integer.toHexString(magic));
        }
        int version = data.readUnsignedShort();
        if (version != VERSION) {
            throw new IOException("key-value snapshot of version " + version + ", this build reads " + VERSION);
        }
        long entryCount = readEntries(data, target);
        long declaredEntryCount = data.readLong();
        if (declaredEntryCount != entryCount) {
            throw new IOException(
                    "key-value snapshot declares " + declaredEntryCount + " entries and has " + entryCount);
        }
        byte[] digest = digested.getMessageDigest().digest();
        digested.on(false);
        byte[] declaredDigest = new byte[digest.length];
        data.readFully(declaredDigest);
        if (!MessageDigest.isEqual(digest, declaredDigest)) {
            throw new IOException("key-value snapshot does not match its SHA-256");
        }
        if (data.read() != -1) {
            throw new IOException("key-value snapshot is followed by other bytes");
        }
    }

    private static long readEntries(DataInputStream data, BiConsumer<Bytes, Bytes> target) throws IOException {
        long entryCount = 0;
        Bytes previousKey = Bytes.EMPTY;
        while (true) {
            int keyBytes = data.readUnsignedShort();
            if (keyBytes == END_OF_ENTRIES) {
                return entryCount;
            }
            requireAtMost(KvLimits.MAX_KEY_BYTES, keyBytes, "key");
            Bytes key = readBytes(data, keyBytes);
            if (key.compareTo(previousKey) <= 0) {
                throw new IOException("key-value snapshot has keys out of order after entry " + entryCount);
            }
            int valueBytes = data.readInt();
            requireAtMost(KvLimits.MAX_VALUE_BYTES, valueBytes, "value");
            target.accept(key, readBytes(data, valueBytes));
            previousKey = key;
            entryCount++;
        }
    }

    private static Bytes readBytes(DataInputStream data, int size) throws IOException {
        byte[] bytes = new byte[size];
        data.readFully(bytes);
        return Bytes.wrap(bytes);
    }

    private static void requireAtMost(int maxBytes, int actualBytes, String field) throws IOException {
        if (actualBytes < 0 || actualBytes > maxBytes) {
            throw new IOException("key-value snapshot has a " + field + " of " + Integer.toUnsignedString(actualBytes)
                    + " bytes, the limit is " + maxBytes);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
