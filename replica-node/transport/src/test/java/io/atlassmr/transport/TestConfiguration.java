package io.atlassmr.transport;

import io.atlassmr.transport.configuration.TransportConfiguration;
import io.atlassmr.transport.frame.FrameLimits;
import java.util.Map;

/** Configurations whose timeouts are long unless a test shortens the one it is about. */
public final class TestConfiguration {

    static final long LONG_MILLIS = 60_000;
    static final long SHORT_MILLIS = 200;
    static final int FIRST_CLASS = 1;
    static final int SECOND_CLASS = 2;
    static final int FIRST_CLASS_MAX_BYTES = 1_000;
    static final int SECOND_CLASS_MAX_BYTES = 100_000;

    static final FrameLimits LIMITS =
            FrameLimits.of(Map.of(FIRST_CLASS, FIRST_CLASS_MAX_BYTES, SECOND_CLASS, SECOND_CLASS_MAX_BYTES));

    private long handshakeTimeoutMillis = LONG_MILLIS;
    private long stallTimeoutMillis = LONG_MILLIS;
    private long silenceTimeoutMillis = LONG_MILLIS;
    private int queueMaxFrames = 1_000;
    private boolean nativeTransport = true;

    TestConfiguration handshakeTimeoutMillis(long millis) {
        handshakeTimeoutMillis = millis;
        return this;
    }

    TestConfiguration stallTimeoutMillis(long millis) {
        stallTimeoutMillis = millis;
        return this;
    }

    public TestConfiguration silenceTimeoutMillis(long millis) {
        silenceTimeoutMillis = millis;
        return this;
    }

    public TestConfiguration queueMaxFrames(int frames) {
        queueMaxFrames = frames;
        return this;
    }

    TestConfiguration nativeTransport(boolean isNative) {
        nativeTransport = isNative;
        return this;
    }

    public TransportConfiguration build() {
        return new TransportConfiguration(
                1,
                LONG_MILLIS,
                handshakeTimeoutMillis,
                stallTimeoutMillis,
                silenceTimeoutMillis,
                1,
                20,
                3_600_000,
                LONG_MILLIS,
                queueMaxFrames,
                1 << 20,
                nativeTransport);
    }
}
