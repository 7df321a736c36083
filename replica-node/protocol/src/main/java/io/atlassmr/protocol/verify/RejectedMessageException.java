package io.atlassmr.protocol.verify;

/** A message that is well-formed and not to be believed. The message says why. */
public final class RejectedMessageException extends Exception {

    private static final long serialVersionUID = 1;

    /** Why a message was not believed; the value of a counter's label. */
    public enum Reason {
        WRONG_EPOCH,
        NOT_A_MEMBER,
        NOT_THE_LEADER,
        BAD_SIGNATURE,
        BAD_BATCH,
        BAD_CERTIFICATE,
        BAD_PROOF
    }

    private final Reason reason;

    public RejectedMessageException(Reason reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    /** The class of the refusal. */
    public Reason reason() {
        return reason;
    }
}
