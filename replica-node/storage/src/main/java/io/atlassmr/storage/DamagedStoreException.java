package io.atlassmr.storage;

import io.atlassmr.runtime.port.DamagedLogException;
import java.nio.file.Path;

/**
 * A store that no longer holds everything that was synced to it. Its replica may have answered for votes that are gone, so
 * it must not go on from it. The files are left as they were found.
 */
public final class DamagedStoreException extends DamagedLogException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    DamagedStoreException(Path directory, String reason, Throwable cause) {
        super(
                "the store in " + directory + " is damaged: " + reason
                        + ". A replica must not vote from it: repair the disk and put an undamaged copy of the whole"
                        + " directory's last state back, or empty the directory and let the replica join as a wiped one",
                cause);
        this.reason = reason;
    }

    /** What is wrong with it, for a person. */
    public String reason() {
        return reason;
    }
}
