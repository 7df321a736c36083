package io.atlassmr.typed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Duration;
import com.google.protobuf.Int64Value;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import io.atlassmr.api.ClientId;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.kv.InMemoryKvState;
import org.junit.jupiter.api.Test;

class ProtobufCodecTest {

    private static final Table<StringValue> NAMES = new Table<>("names", StringValue.class);

    record Length(int characters) {}

    private final Codec codec = ProtobufCodec.of(
            StringValue.getDefaultInstance(),
            Int64Value.getDefaultInstance(),
            Struct.getDefaultInstance(),
            Timestamp.getDefaultInstance());

    private static Value number(int value) {
        return Value.newBuilder().setNumberValue(value).build();
    }

    @Test
    void anApplicationMayUseMessagesBesideRecords() {
        TypedApplication application = TypedApplication.over(new InMemoryKvState())
                .codec(codec)
                .ordered(StringValue.class, (request, context) -> {
                    context.put(NAMES, "last", request);
                    return Int64Value.of(context.agreedTimeMillis());
                })
                .unordered(
                        Length.class,
                        (request, context) -> new Length(context.read(NAMES, "last")
                                .orElseThrow()
                                .getValue()
                                .length()))
                .build();
        OrderedContext context = new OrderedContext(1, 0, 77, ClientId.of(new byte[32]));
        byte[] written = application.executeOrdered(TypedClient.encode(StringValue.of("atlas"), codec), context);
        assertEquals(Int64Value.of(77), codec.decode(written, Int64Value.class));
        byte[] read = application.executeOrdered(TypedClient.encode(new Length(0), codec), context);
        assertEquals(new Length(5), codec.decode(read, Length.class));
    }

    @Test
    void equalMessagesHaveEqualBytes() {
        Struct.Builder one = Struct.newBuilder();
        Struct.Builder other = Struct.newBuilder();
        for (int i = 0; i < 100; i++) {
            one.putFields("k" + i, number(i));
            other.putFields("k" + (99 - i), number(99 - i));
        }
        assertArrayEquals(codec.encode(one.build()), codec.encode(other.build()));
    }

    @Test
    void aFieldThatTheTypeDoesNotHaveIsLeftOut() {
        byte[] later = Timestamp.newBuilder()
                .setSeconds(5)
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build()
                .toByteArray();
        Timestamp known = Timestamp.newBuilder().setSeconds(5).build();
        assertEquals(known, codec.decode(later, Timestamp.class));
        assertArrayEquals(known.toByteArray(), codec.encode(codec.decode(later, Timestamp.class)));
    }

    @Test
    void whatIsNoMessageIsRefusedInWordsThatFollowFromItAlone() {
        byte[] cut = {10, 5, 'a'};
        assertEquals(
                "the 3 bytes are no StringValue in protobuf",
                assertThrows(IllegalArgumentException.class, () -> codec.decode(cut, StringValue.class))
                        .getMessage());
    }

    @Test
    void aTypeThatItWasNotToldOfIsRefusedWithTheRemedy() {
        String remedy = "the codec was not told of com.google.protobuf.Duration: give its default instance to"
                + " ProtobufCodec.of";
        assertEquals(
                remedy,
                assertThrows(IllegalArgumentException.class, () -> codec.encode(Duration.getDefaultInstance()))
                        .getMessage());
        assertEquals(
                remedy,
                assertThrows(IllegalArgumentException.class, () -> codec.decode(new byte[0], Duration.class))
                        .getMessage());
    }
}
