package io.atlassmr.kv;

/**
 * Bytes that are no operation or result of this format version, or one outside {@link KvLimits}. The message is a function
 * of the bytes alone, because every replica puts it in the same error reply.
 */
public final class KvFormatException extends IllegalArgumentException {

    KvFormatException(String message) {
        super(message);
    }

    KvFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
