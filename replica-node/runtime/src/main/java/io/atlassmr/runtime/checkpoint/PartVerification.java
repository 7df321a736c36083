package io.atlassmr.runtime.checkpoint;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.checkpoint.Part;

/** Whether bytes are the part that a certified manifest names. Any thread. */
@FunctionalInterface
public interface PartVerification {

    /** By size and SHA-256. */
    PartVerification BY_DIGEST =
            (part, content, digest) -> content.length == part.sizeBytes() && digest.equals(part.digest());

    /**
     * Whether this is the content of the part.
     *
     * @param digest SHA-256 of the content
     */
    boolean matches(Part part, byte[] content, Digest digest);
}
