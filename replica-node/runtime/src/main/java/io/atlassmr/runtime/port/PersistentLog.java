package io.atlassmr.runtime.port;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The store of one replica: small records under ascending keys, in families. It knows nothing of what records mean;
 * {@code runtime.log} encodes, checksums and versions them.
 *
 * <p>After a crash of the process or the machine, a prefix of the writes since the last {@link #sync} survives: a list given to
 * {@link #write} is there whole or not at all, and never without those before it.
 *
 * <p>One thread writes and syncs; reading is allowed from any thread at any time.
 */
public interface PersistentLog extends LogReader, AutoCloseable {

    /**
     * Applies the changes as one atomic step, visible to readers on return, durable only after {@link #sync}.
     *
     * @throws IOException if the store cannot take them (disk full, I/O error); nothing of the list was applied, and the
     *     caller must not go on as if it were
     */
    void write(List<LogWrite> writes) throws IOException;

    /**
     * Makes every earlier write survive a power failure.
     *
     * @throws IOException if that cannot be promised; the caller must stop answering for those writes
     */
    void sync() throws IOException;

    /**
     * After a write or sync that failed: makes the log take writes again, if the reason is gone. What was written since the last
     * {@link #sync} may be missing then.
     *
     * @throws DamagedLogException if something that was synced is missing
     * @throws IOException if the reason is not gone, or only a restart helps; may be tried again
     */
    default void recover() throws IOException {
        throw new IOException("this log takes no writes since one failed; restart the replica");
    }

    /** What was damaged so that the log had to begin anew, for a person; empty if nothing was. */
    default Optional<String> damage() {
        return Optional.empty();
    }

    /** Syncs, for at most the time the device takes, and closes. Idempotent. */
    @Override
    void close() throws IOException;
}
