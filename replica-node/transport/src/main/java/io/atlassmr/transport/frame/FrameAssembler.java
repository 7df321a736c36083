package io.atlassmr.transport.frame;

import io.atlassmr.transport.admission.Refusal;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Puts frames together from pieces of any size: 4 bytes big-endian length of what follows, 1 class byte, payload. Memory grows with
 * the bytes that have arrived, not with the length that was announced. After a violation it takes no more. Not thread-safe.
 */
public final class FrameAssembler {

    /** Where frames and violations go. */
    public interface Sink {
        /** A frame is whole; the payload is the sink's to keep. */
        void onFrame(int frameClass, byte[] payload);

        /** What came is no frame that is spoken here. Told once. */
        void onViolation(Refusal reason, String detail);
    }

    private static final int LENGTH_BYTES = 4;
    private static final int FIRST_ALLOCATION_BYTES = 64 * 1024;
    /** Each growth copies what is here: frames of transfers grow once. */
    private static final int GROWTH = 4;

    private static final byte[] NOTHING = new byte[0];

    private final FrameLimits limits;
    private final Sink sink;

    private int headerBytes;
    private long length;
    private int frameClass;
    private byte[] payload = NOTHING;
    private int payloadBytes;
    private boolean violated;

    /** @param sink called within {@link #accept}, in the order of the bytes */
    public FrameAssembler(FrameLimits limits, Sink sink) {
        this.limits = limits;
        this.sink = sink;
    }

    /** Consumes all of {@code bytes}. */
    public void accept(ByteBuf bytes) {
        while (bytes.isReadable() && !violated) {
            if (headerBytes <= LENGTH_BYTES) {
                acceptHeaderByte(bytes.readByte() & 0xff);
            } else {
                acceptPayload(bytes);
            }
            if (!violated && headerBytes > LENGTH_BYTES && payloadBytes == length - 1) {
                complete();
            }
        }
        bytes.skipBytes(bytes.readableBytes());
    }

    /** Whether a frame has begun and is not complete. */
    public boolean midFrame() {
        return headerBytes > 0 && !violated;
    }

    private void acceptHeaderByte(int value) {
        headerBytes++;
        if (headerBytes <= LENGTH_BYTES) {
            length = length << 8 | value;
            if (headerBytes == LENGTH_BYTES) {
                checkLength();
            }
        } else {
            frameClass = value;
            checkClass();
        }
    }

    private void checkLength() {
        if (length == 0) {
            violate(Refusal.FRAME_EMPTY, "a frame of length 0");
        } else if (length - 1 > limits.largestPayloadBytes()) {
            violate(Refusal.FRAME_TOO_LARGE, "a frame of " + length + " bytes, more than any class allows");
        }
    }

    private void checkClass() {
        if (!limits.knows(frameClass)) {
            violate(Refusal.FRAME_UNKNOWN_CLASS, "a frame of class " + frameClass);
        } else if (length - 1 > limits.maxPayloadBytes(frameClass)) {
            violate(
                    Refusal.FRAME_TOO_LARGE,
                    "a frame of class " + frameClass + " with " + (length - 1) + " bytes; allowed are "
                            + limits.maxPayloadBytes(frameClass));
        } else {
            payload = length == 1 ? NOTHING : new byte[(int) Math.min(length - 1, FIRST_ALLOCATION_BYTES)];
        }
    }

    private void acceptPayload(ByteBuf bytes) {
        int wanted = (int) Math.min(length - 1 - payloadBytes, bytes.readableBytes());
        if (payloadBytes + wanted > payload.length) {
            long grown = Math.max(payloadBytes + (long) wanted, (long) GROWTH * payload.length);
            payload = Arrays.copyOf(payload, (int) Math.min(grown, length - 1));
        }
        bytes.readBytes(payload, payloadBytes, wanted);
        payloadBytes += wanted;
    }

    private void complete() {
        byte[] whole = payload;
        headerBytes = 0;
        length = 0;
        payload = NOTHING;
        payloadBytes = 0;
        sink.onFrame(frameClass, whole);
    }

    private void violate(Refusal reason, String detail) {
        violated = true;
        payload = NOTHING;
        sink.onViolation(reason, detail);
    }
}
