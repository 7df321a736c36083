package io.atlassmr.typed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;

/**
 * Records as CBOR (RFC 8949) by Jackson. Fields in alphabetical order and map entries in the order of their keys, so that equal
 * values have equal bytes; sets have no order, so keep lists. A field that is missing reads as null, zero or false; one that the
 * type does not have is refused, as are bytes after the value.
 */
public final class CborCodec implements Codec {

    private static final int MAX_DEPTH = 64;

    private final ObjectMapper mapper = CBORMapper.builder(CBORFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    @Override
    public byte[] encode(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "a " + value.getClass().getSimpleName() + " cannot be written as CBOR: " + e.getOriginalMessage(),
                    e);
        }
    }

    @Override
    public <T> T decode(byte[] bytes, Class<T> type) {
        try {
            T value = mapper.readValue(bytes, type);
            if (value == null) {
                throw new IllegalArgumentException("the " + bytes.length + " bytes are no " + type.getSimpleName());
            }
            return value;
        } catch (IOException e) {
            // Jackson's own words differ between its versions, and this becomes a reply, the same at every replica.
            throw new IllegalArgumentException(
                    "the " + bytes.length + " bytes are no " + type.getSimpleName() + " in CBOR", e);
        }
    }
}
