package io.atlassmr.runtime.log;

import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;

/**
 * A stored record that is not what this replica wrote, or that this version cannot read. Its content must not be used; the
 * reader fetches the fact from peers or refuses to go on.
 */
public final class CorruptRecordException extends IOException {

    private static final long serialVersionUID = 1L;

    private final RecordFamily family;
    private final long key;
    private final String reason;

    /** Names the record and, for a person, what is wrong with it. */
    public CorruptRecordException(RecordFamily family, long key, String reason) {
        super("record " + key + " of " + family + " is corrupt: " + reason);
        this.family = family;
        this.key = key;
        this.reason = reason;
    }

    /** The family the record was read from. */
    public RecordFamily family() {
        return family;
    }

    /** The key the record was read under. */
    public long key() {
        return key;
    }

    /** What is wrong with it, for a person. */
    public String reason() {
        return reason;
    }
}
