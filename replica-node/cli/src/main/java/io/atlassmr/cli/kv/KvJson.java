package io.atlassmr.cli.kv;

import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvEntry;
import io.atlassmr.kv.KvResult;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Results of the key-value store as JSON. Bytes that are UTF-8 stand as text under their name ({@code "value"}), others in
 * base 64 under the name with {@code Base64} ({@code "valueBase64"}).
 */
public final class KvJson {

    private KvJson() {}

    /** One result, as an object. */
    public static Map<String, Object> of(KvResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        switch (result) {
            case KvResult.Nothing _ -> json.put("ok", true);
            case KvResult.Stored _ -> json.put("stored", true);
            case KvResult.Found(Bytes value) -> {
                json.put("found", true);
                put(json, "value", value);
            }
            case KvResult.NotFound _ -> json.put("found", false);
            case KvResult.Deleted(boolean existed) -> json.put("deleted", existed);
            case KvResult.Swapped _ -> json.put("swapped", true);
            case KvResult.NotSwapped(Optional<Bytes> actual) -> {
                json.put("swapped", false);
                json.put("found", actual.isPresent());
                actual.ifPresent(value -> put(json, "value", value));
            }
            case KvResult.Page page ->
                json.putAll(page(page.entries(), page.nextKey().isPresent()));
        }
        return json;
    }

    /** Entries of a scan, and whether there are more. */
    public static Map<String, Object> page(List<KvEntry> entries, boolean more) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("entries", entries.stream().map(KvJson::entry).toList());
        json.put("more", more);
        return json;
    }

    private static Map<String, Object> entry(KvEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        put(json, "key", entry.key());
        put(json, "value", entry.value());
        return json;
    }

    private static void put(Map<String, Object> json, String name, Bytes bytes) {
        byte[] array = bytes.toByteArray();
        try {
            json.put(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(array))
                            .toString());
        } catch (CharacterCodingException notText) {
            json.put(name + "Base64", Base64.getEncoder().encodeToString(array));
        }
    }
}
