package io.atlassmr.protocol.reconfiguration.state;

/** Why a command was not done. */
public enum Refusal {
    WRONG_SIGNER(1, "its signer may not ask for this"),
    STALE_EPOCH(2, "it expects another epoch than the current one"),
    REPEATED(3, "its signer has used this number, or a higher one, in this epoch"),
    CHANGE_IN_FLIGHT(4, "another change is in flight"),
    TOO_FEW_MEMBERS(5, "fewer than 4 members would be left"),
    TOO_MANY(6, "there would be too many"),
    UNKNOWN_ID(7, "no member, admission or administrator is called so"),
    REUSED_ID(8, "the id is, or was, a member's, or is admitted already"),
    DUPLICATE_KEY(9, "the key is another's already"),
    NOT_ADMITTED(10, "the newcomer has no such admission, or it has expired"),
    NO_QUORUM(11, "it is not approved by a quorum"),
    LAST_OWNER(12, "no owner would be left"),
    OUT_OF_RANGE(13, "a checkpoint interval is 16 to 1000000, 1 to 16 are retained, and the age is up to a day"),
    BARRED(14, "it is proven to lie, and leads no more in this epoch");

    private final int code;
    private final String text;

    Refusal(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** The code on the wire and in checkpoints, from 1. */
    public int code() {
        return code;
    }

    /** For a person. */
    public String text() {
        return text;
    }
}
