package io.atlassmr.runtime.checkpoint;

import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.checkpoint.Manifest;
import io.atlassmr.protocol.checkpoint.Part;
import io.atlassmr.protocol.message.Certificate;
import java.io.IOException;

/**
 * Reads a stable checkpoint. Thread-safe.
 *
 * @param certificate a quorum's signatures
 */
public record CheckpointReader(Certificate certificate, StoredCheckpoint checkpoint) {

    public CheckpointHeader header() {
        return checkpoint.header();
    }

    public Manifest manifest() {
        return checkpoint.manifest();
    }

    /**
     * Reads a part and compares it with the manifest.
     *
     * @throws IOException if it cannot be read, because the checkpoint was removed meanwhile for example, or is damaged
     */
    public byte[] read(Part part) throws IOException {
        return checkpoint.read(part);
    }
}
