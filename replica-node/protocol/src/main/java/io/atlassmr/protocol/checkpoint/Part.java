package io.atlassmr.protocol.checkpoint;

import io.atlassmr.crypto.hash.Digest;
import java.util.Arrays;

/**
 * A part of a checkpoint's state, as its manifest names it.
 *
 * @param kind whose state it is part of
 * @param id names the part within its kind; not to be changed
 * @param version sequence number of the checkpoint at which it last changed
 * @param digest SHA-256 of its content
 * @param sizeBytes length of its content
 */
public record Part(Kind kind, byte[] id, long version, Digest digest, int sizeBytes) {

    /** Whose state a part belongs to. */
    public enum Kind {
        SESSIONS,
        APPLICATION
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Part that
                && kind == that.kind
                && Arrays.equals(id, that.id)
                && version == that.version
                && digest.equals(that.digest)
                && sizeBytes == that.sizeBytes;
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }
}
