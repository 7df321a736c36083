package io.atlassmr.simulation.check;

/** Something that must never happen. Ends the run. */
public final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1;

    public Violation(String what) {
        super(what);
    }

    public Violation(String what, Throwable cause) {
        super(what + ": " + cause, cause);
    }
}
