package io.atlassmr.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The bytes of operations and results: format version, tag, then the fields in order; no bytes at all for a noop and
 * its result. Canonical: a value has one encoding, and whatever decodes encodes back to the same bytes. Decoding allocates
 * in proportion to the input's size and throws nothing but {@link KvFormatException}.
 */
public final class KvCodec {

    private static final int VERSION = 1;

    private static final int PUT = 1;
    private static final int GET = 2;
    private static final int DELETE = 3;
    private static final int COMPARE_AND_SET = 4;
    private static final int SCAN = 5;

    private static final int STORED = 1;
    private static final int FOUND = 2;
    private static final int NOT_FOUND = 3;
    private static final int DELETED = 4;
    private static final int SWAPPED = 5;
    private static final int NOT_SWAPPED = 6;
    private static final int PAGE = 7;

    private static final int MAX_FIXED_BYTES = 16;

    private KvCodec() {}

    /** The bytes a client sends. */
    public static byte[] encodeOperation(KvOperation operation) {
        return switch (operation) {
            case KvOperation.Noop _ -> new byte[0];
            case KvOperation.Put(Bytes key, Bytes value) ->
                new KvWriter(VERSION, PUT, MAX_FIXED_BYTES + key.size() + value.size())
                        .writeKey(key)
                        .writeValue(value)
                        .toByteArray();
            case KvOperation.Get(Bytes key) ->
                new KvWriter(VERSION, GET, MAX_FIXED_BYTES + key.size())
                        .writeKey(key)
                        .toByteArray();
            case KvOperation.Delete(Bytes key) ->
                new KvWriter(VERSION, DELETE, MAX_FIXED_BYTES + key.size())
                        .writeKey(key)
                        .toByteArray();
            case KvOperation.CompareAndSet(Bytes key, Optional<Bytes> expected, Bytes replacement) ->
                new KvWriter(
                                VERSION,
                                COMPARE_AND_SET,
                                MAX_FIXED_BYTES + key.size() + sizeOf(expected) + replacement.size())
                        .writeKey(key)
                        .writeOptionalValue(expected)
                        .writeValue(replacement)
                        .toByteArray();
            case KvOperation.Scan(Bytes startKey, Optional<Bytes> endKey, int limitEntries) ->
                new KvWriter(VERSION, SCAN, MAX_FIXED_BYTES + startKey.size() + sizeOf(endKey))
                        .writeKey(startKey)
                        .writeOptionalKey(endKey)
                        .writeShort(limitEntries)
                        .toByteArray();
        };
    }

    /**
     * The operation that {@code input} encodes.
     *
     * @throws KvFormatException if it encodes none, or one outside {@link KvLimits}
     */
    public static KvOperation decodeOperation(byte[] input) {
        if (input.length == 0) {
            return new KvOperation.Noop();
        }
        return decode(input, KvCodec::readOperation);
    }

    private static KvOperation readOperation(KvReader reader) {
        int tag = reader.readByte("operation");
        return switch (tag) {
            case PUT -> new KvOperation.Put(reader.readKey("key"), reader.readValue("value"));
            case GET -> new KvOperation.Get(reader.readKey("key"));
            case DELETE -> new KvOperation.Delete(reader.readKey("key"));
            case COMPARE_AND_SET ->
                new KvOperation.CompareAndSet(
                        reader.readKey("key"),
                        reader.readOptionalValue("expected value"),
                        reader.readValue("replacement value"));
            case SCAN ->
                new KvOperation.Scan(
                        reader.readKey("start key"),
                        reader.readOptionalKey("end key"),
                        reader.readUnsignedShort("entry limit"));
            default -> throw new KvFormatException("unknown key-value operation " + tag);
        };
    }

    /** The bytes a replica answers with. */
    public static byte[] encodeResult(KvResult result) {
        return switch (result) {
            case KvResult.Nothing _ -> new byte[0];
            case KvResult.Stored _ -> new byte[] {VERSION, STORED};
            case KvResult.Found(Bytes value) ->
                new KvWriter(VERSION, FOUND, MAX_FIXED_BYTES + value.size())
                        .writeValue(value)
                        .toByteArray();
            case KvResult.NotFound _ -> new byte[] {VERSION, NOT_FOUND};
            case KvResult.Deleted(boolean existed) -> new byte[] {VERSION, DELETED, (byte) (existed ? 1 : 0)};
            case KvResult.Swapped _ -> new byte[] {VERSION, SWAPPED};
            case KvResult.NotSwapped(Optional<Bytes> actual) ->
                new KvWriter(VERSION, NOT_SWAPPED, MAX_FIXED_BYTES + sizeOf(actual))
                        .writeOptionalValue(actual)
                        .toByteArray();
            case KvResult.Page page -> encodePage(page);
        };
    }

    /**
     * The result that {@code input} encodes.
     *
     * @throws KvFormatException if it encodes none, or one outside {@link KvLimits}
     */
    public static KvResult decodeResult(byte[] input) {
        if (input.length == 0) {
            return new KvResult.Nothing();
        }
        return decode(input, KvCodec::readResult);
    }

    private static KvResult readResult(KvReader reader) {
        int tag = reader.readByte("result");
        return switch (tag) {
            case STORED -> new KvResult.Stored();
            case FOUND -> new KvResult.Found(reader.readValue("value"));
            case NOT_FOUND -> new KvResult.NotFound();
            case DELETED -> new KvResult.Deleted(reader.readFlag("existed"));
            case SWAPPED -> new KvResult.Swapped();
            case NOT_SWAPPED -> new KvResult.NotSwapped(reader.readOptionalValue("actual value"));
            case PAGE -> decodePage(reader);
            default -> throw new KvFormatException("unknown key-value result " + tag);
        };
    }

    private static byte[] encodePage(KvResult.Page page) {
        int expectedBytes = MAX_FIXED_BYTES + sizeOf(page.nextKey());
        for (KvEntry entry : page.entries()) {
            expectedBytes += MAX_FIXED_BYTES + entry.sizeBytes();
        }
        KvWriter writer = new KvWriter(VERSION, PAGE, expectedBytes);
        writer.writeOptionalKey(page.nextKey());
        writer.writeShort(page.entries().size());
        for (KvEntry entry : page.entries()) {
            writer.writeKey(entry.key()).writeValue(entry.value());
        }
        return writer.toByteArray();
    }

    private static KvResult.Page decodePage(KvReader reader) {
        Optional<Bytes> nextKey = reader.readOptionalKey("next key");
        int entryCount = reader.readUnsignedShort("entry count");
        if (entryCount > KvLimits.MAX_SCAN_ENTRIES) {
            throw new KvFormatException(
                    "a page has at most " + KvLimits.MAX_SCAN_ENTRIES + " entries, count field says " + entryCount);
        }
        List<KvEntry> entries = new ArrayList<>();
        for (int i = 0; i < entryCount; i++) {
            entries.add(new KvEntry(reader.readKey("key"), reader.readValue("value")));
        }
        return new KvResult.Page(entries, nextKey);
    }

    private static <T> T decode(byte[] input, Function<KvReader, T> read) {
        try {
            KvReader reader = new KvReader(input);
            reader.requireVersion(VERSION);
            T decoded = read.apply(reader);
            reader.requireEnd();
            return decoded;
        } catch (KvFormatException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            // What the reader cannot see, the constructors of operations and results refuse.
            throw new KvFormatException(e.getMessage(), e);
        }
    }

    private static int sizeOf(Optional<Bytes> bytes) {
        return bytes.map(Bytes::size).orElse(0);
    }
}
