package io.atlassmr.protocol.verify;

import io.atlassmr.protocol.evidence.Proof;
import java.util.Optional;

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
        BAD_PROOF,
        BAD_EVIDENCE
    }

    private final Reason reason;
    private final transient Proof proof;

    public RejectedMessageException(Reason reason, String detail) {
        this(reason, detail, null);
    }

    /**
     * @param proof what the message proves against who signed it; null if nothing
     */
    public RejectedMessageException(Reason reason, String detail, Proof proof) {
        super(detail);
        this.reason = reason;
        this.proof = proof;
    }

    /** What the message proves against who signed it. */
    public Optional<Proof> proof() {
        return Optional.ofNullable(proof);
    }

    /** The class of the refusal. */
    public Reason reason() {
        return reason;
    }
}
