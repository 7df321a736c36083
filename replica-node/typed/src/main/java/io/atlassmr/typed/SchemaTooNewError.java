package io.atlassmr.typed;

/** The state moves to a schema that this program does not know: the replica must stop, and go on with a newer program. */
public final class SchemaTooNewError extends Error {

    private static final long serialVersionUID = 1;

    SchemaTooNewError(int version, int newest, long sequenceNumber) {
        super("decision " + sequenceNumber + " moves the state to schema version " + version
                + ", and this program knows up to " + newest + ": start the replica again with the newer program");
    }
}
