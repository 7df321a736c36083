package io.atlassmr.runtime.checkpoint;

import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.checkpoint.Part;

/** Whether bytes are the part that a certified manifest names. Any thread. */
@FunctionalInterface
public interface PartVerification {

    /** By size and SHA-256. */
    PartVerification BY_DIGEST = (part, content) ->
            content.length == part.sizeBytes() && Sha256.of(content).equals(part.digest());

    /** Whether this is the content of the part. */
    boolean matches(Part part, byte[] content);
}
