package io.atlassmr.typed;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Protobuf messages in their own encoding, and all else, such as records, by another codec. Messages are written deterministically,
 * map entries in the order of their keys. A field that is missing reads as its default; one that the type does not have is left out,
 * as a later version of a message may have more. Messages are told by the types that this is made of, without reflection.
 *
 * <pre>{@code
 * Codec codec = ProtobufCodec.of(Transfer.getDefaultInstance(), Balance.getDefaultInstance());
 * }</pre>
 */
public final class ProtobufCodec implements Codec {

    private final Map<Class<?>, Parser<? extends Message>> parsers;
    private final Codec others;

    private ProtobufCodec(Map<Class<?>, Parser<? extends Message>> parsers, Codec others) {
        this.parsers = Map.copyOf(parsers);
        this.others = others;
    }

    /**
     * A codec of these messages, that leaves all else to {@link CborCodec}.
     *
     * @param types one message, its default instance for example, of each type that is a request, a reply or a value of a table
     */
    public static ProtobufCodec of(Message... types) {
        return withOthers(new CborCodec(), types);
    }

    /**
     * A codec of these messages.
     *
     * @param others of all that is no protobuf message
     * @param types one message, its default instance for example, of each type that is a request, a reply or a value of a table
     */
    public static ProtobufCodec withOthers(Codec others, Message... types) {
        Map<Class<?>, Parser<? extends Message>> parsers = new HashMap<>();
        for (Message type : types) {
            parsers.put(type.getClass(), DiscardUnknownFieldsParser.wrap(type.getParserForType()));
        }
        return new ProtobufCodec(parsers, others);
    }

    @Override
    public byte[] encode(Object value) {
        if (!(value instanceof Message message)) {
            return others.encode(value);
        }
        requireKnown(message.getClass());
        if (!message.isInitialized()) {
            throw new IllegalArgumentException("a " + message.getClass().getSimpleName() + " lacks "
                    + String.join(", ", message.findInitializationErrors()));
        }
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        output.useDeterministicSerialization();
        try {
            message.writeTo(output);
            output.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes;
    }

    @Override
    public <T> T decode(byte[] bytes, Class<T> type) {
        if (!Message.class.isAssignableFrom(type)) {
            return others.decode(bytes, type);
        }
        try {
            return type.cast(requireKnown(type).parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            // Protobuf's own words differ between its versions, and this becomes a reply, the same at every replica.
            throw new IllegalArgumentException(
                    "the " + bytes.length + " bytes are no " + type.getSimpleName() + " in protobuf", e);
        }
    }

    private Parser<? extends Message> requireKnown(Class<?> type) {
        Parser<? extends Message> parser = parsers.get(type);
        if (parser == null) {
            throw new IllegalArgumentException(
                    "the codec was not told of " + type.getName() + ": give its default instance to ProtobufCodec.of");
        }
        return parser;
    }
}
