package io.atlassmr.testing;

/** How a Byzantine replica of a test lies. Its keys are its own, so everything it says is properly signed. */
public enum Misbehaviour {
    /** As leader it proposes one batch to some and another to the rest, and votes with each for what it was told. */
    EQUIVOCATE,
    /** Gives clients results of its own making. */
    FALSE_REPLIES,
    /** Says nothing to anybody. */
    MUTE
}
