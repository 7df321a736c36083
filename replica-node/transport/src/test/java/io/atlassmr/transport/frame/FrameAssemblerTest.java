package io.atlassmr.transport.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.transport.RawTlsClient;
import io.atlassmr.transport.admission.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FrameAssemblerTest {

    private static final FrameLimits LIMITS = FrameLimits.of(Map.of(1, 3, 2, 200_000, 3, 0));

    @Property
    void framesAreTheSameHoweverTheirBytesArePieced(
            @ForAll @Size(max = 20) List<@IntRange(min = 0, max = 300) Integer> sizes, @ForAll long seed) {
        Random random = new Random(seed);
        ByteBuf stream = Unpooled.buffer();
        List<String> expected = new ArrayList<>();
        for (int size : sizes) {
            byte[] payload = new byte[size];
            random.nextBytes(payload);
            stream.writeBytes(RawTlsClient.frame(2, payload));
            expected.add("2:" + HexFormat.of().formatHex(payload));
        }
        Recorder recorder = new Recorder();
        FrameAssembler assembler = new FrameAssembler(LIMITS, recorder);
        while (stream.isReadable()) {
            assembler.accept(stream.readSlice(1 + random.nextInt(stream.readableBytes())));
        }
        assertEquals(expected, recorder.seen);
        assertFalse(assembler.midFrame());
    }

    @Property
    void randomBytesGiveFramesWithinLimitsOrOneViolation(@ForAll @Size(max = 200) byte[] bytes) {
        Recorder recorder = new Recorder();
        FrameAssembler assembler = new FrameAssembler(LIMITS, recorder);
        for (byte b : bytes) {
            assembler.accept(Unpooled.wrappedBuffer(new byte[] {b}));
        }
        List<String> violations =
                recorder.seen.stream().filter(seen -> !seen.contains(":")).toList();
        assertTrue(violations.size() <= 1);
        assertTrue(violations.isEmpty() || recorder.seen.getLast().equals(violations.getFirst()));
    }

    @Test
    void aLargeFrameIsPutTogetherFromManyPieces() {
        byte[] payload = new byte[200_000];
        new Random(1).nextBytes(payload);
        Recorder recorder = new Recorder();
        FrameAssembler assembler = new FrameAssembler(LIMITS, recorder);
        byte[] frame = RawTlsClient.frame(2, payload);
        for (int start = 0; start < frame.length; start += 16_384) {
            assertEquals(List.of(), recorder.seen);
            assembler.accept(
                    Unpooled.wrappedBuffer(Arrays.copyOfRange(frame, start, Math.min(frame.length, start + 16_384))));
        }
        assertEquals(List.of("2:" + HexFormat.of().formatHex(payload)), recorder.seen);
    }

    @Test
    void aPayloadMayBeAsLargeAsItsClassAllowsAndNotLarger() {
        assertEquals(List.of("1:010203"), assemble("00000004 01 010203"));
        assertEquals(List.of("FRAME_TOO_LARGE"), assemble("00000005 01 01020304"));
        assertEquals(List.of("3:"), assemble("00000001 03"));
        assertEquals(List.of("FRAME_TOO_LARGE"), assemble("00000002 03 01"));
    }

    @Test
    void aLengthBeyondEveryClassIsRefusedBeforeItsClassIsRead() {
        assertEquals(List.of("FRAME_TOO_LARGE"), assemble("00030d42"));
        assertEquals(List.of("FRAME_TOO_LARGE"), assemble("ffffffff"));
    }

    @Test
    void aFrameWithoutAClassIsRefused() {
        assertEquals(List.of("FRAME_EMPTY"), assemble("00000000"));
    }

    @Test
    void aClassThatIsNotSpokenIsRefused() {
        assertEquals(List.of("FRAME_UNKNOWN_CLASS"), assemble("00000002 04 01"));
        assertEquals(List.of("FRAME_UNKNOWN_CLASS"), assemble("00000002 ff 01"));
    }

    @Test
    void nothingIsTakenAfterAViolation() {
        assertEquals(List.of("1:01", "FRAME_EMPTY"), assemble("00000002 01 01 00000000 00000002 01 02"));
    }

    @Test
    void aFrameHasBegunWithItsFirstByteAndEndsWithItsLast() {
        FrameAssembler assembler = new FrameAssembler(LIMITS, new Recorder());
        assertFalse(assembler.midFrame());
        for (String piece : List.of("00", "000002", "01")) {
            assembler.accept(Unpooled.wrappedBuffer(HexFormat.of().parseHex(piece)));
            assertTrue(assembler.midFrame());
        }
        assembler.accept(Unpooled.wrappedBuffer(new byte[1]));
        assertFalse(assembler.midFrame());
    }

    private static List<String> assemble(String hex) {
        Recorder recorder = new Recorder();
        new FrameAssembler(LIMITS, recorder)
                .accept(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", ""))));
        return recorder.seen;
    }

    private static final class Recorder implements FrameAssembler.Sink {
        private final List<String> seen = new ArrayList<>();

        @Override
        public void onFrame(int frameClass, byte[] payload) {
            assertTrue(LIMITS.knows(frameClass) && payload.length <= LIMITS.maxPayloadBytes(frameClass));
            seen.add(frameClass + ":" + HexFormat.of().formatHex(payload));
        }

        @Override
        public void onViolation(Refusal reason, String detail) {
            seen.add(reason.name());
        }
    }
}
