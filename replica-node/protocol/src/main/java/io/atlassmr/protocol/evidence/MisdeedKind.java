package io.atlassmr.protocol.evidence;

/** The kinds of misdeeds that can be proven. Names are shown and stored by others: they never change. */
public enum MisdeedKind {
    /** Two batches proposed for one place in one view. */
    TWO_PROPOSALS(Severity.LIE),
    /** Prepares for two batches at one place in one view. */
    TWO_PREPARES(Severity.LIE),
    /** Commits to two batches at one place in one view. */
    TWO_COMMITS(Severity.LIE),
    /** Two changes to one view, each of which leaves out what the other shows. */
    TWO_VIEW_CHANGES(Severity.LIE),
    /** A commit that a later view change conceals. */
    HIDDEN_COMMIT(Severity.LIE),
    /** A certificate inside a signed message that no quorum has signed. */
    INVALID_CERTIFICATE(Severity.LIE),
    /** Two states vouched for after one decision. */
    TWO_CHECKPOINTS(Severity.FAULT),
    /** Another state vouched for than a quorum has. */
    WRONG_CHECKPOINT(Severity.FAULT),
    /** Two answers of the admin API that cannot both be true. */
    TWO_ANSWERS(Severity.FAULT);

    private final Severity severity;

    MisdeedKind(Severity severity) {
        this.severity = severity;
    }

    /** What it says about a member. */
    public Severity severity() {
        return severity;
    }
}
