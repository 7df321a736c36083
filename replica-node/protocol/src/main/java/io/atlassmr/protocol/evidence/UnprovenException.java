package io.atlassmr.protocol.evidence;

/** What is offered as proof proves nothing. The message says why. */
public final class UnprovenException extends Exception {

    private static final long serialVersionUID = 1;

    public UnprovenException(String why) {
        super(why);
    }
}
