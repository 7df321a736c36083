package io.atlassmr.protocol.message;

/** Bytes that are not a message of this protocol version, or break its bounds. The message says which. */
public final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1;

    public MalformedMessageException(String reason) {
        super(reason);
    }

    public MalformedMessageException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
