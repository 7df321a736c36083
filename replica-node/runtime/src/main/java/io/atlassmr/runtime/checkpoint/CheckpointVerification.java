package io.atlassmr.runtime.checkpoint;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.message.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Compares a checkpoint on disk with the certificate that a quorum signed, down to the last byte of the state. Changes nothing. */
public final class CheckpointVerification {

    private final Path root;
    private final String clusterId;

    /**
     * @param root where the replica keeps its checkpoints
     * @param clusterId of the cluster that the state has to belong to
     */
    public CheckpointVerification(Path root, String clusterId) {
        this.root = root;
        this.clusterId = clusterId;
    }

    /** Whether there is a directory for the checkpoint at this place. */
    public boolean exists(long sequenceNumber) {
        return Files.isDirectory(directory(sequenceNumber));
    }

    /** Whether the application's state in it is divisible, so that it takes the application to read it. */
    public boolean isDivisible(long sequenceNumber) {
        return Files.isDirectory(directory(sequenceNumber).resolve(CheckpointFiles.STATE_DIRECTORY));
    }

    /**
     * Checks header, manifest, sessions and state.
     *
     * @param divisible reads the state if that is divisible, else null
     * @return how many bytes were compared
     * @throws IOException naming what is missing or damaged
     */
    public long verify(Certificate certificate, DivisibleState divisible) throws IOException {
        try (StoredCheckpoint checkpoint = StoredCheckpoint.open(directory(certificate.sequenceNumber()), divisible)) {
            CheckpointHeader header = checkpoint.header();
            if (!header.digest().equals(certificate.digest())) {
                throw new IOException("the header is of another state than the quorum signed");
            }
            String owner = header.reconfiguration().current().membership().clusterId();
            if (!owner.equals(clusterId)) {
                throw new IOException("it belongs to another cluster, \"" + owner + "\"");
            }
            checkpoint.verify();
            return header.sizeBytes();
        } catch (NoSuchFileException e) {
            throw new IOException(e.getFile() + " is missing", e);
        }
    }

    private Path directory(long sequenceNumber) {
        return CheckpointFiles.directory(root, sequenceNumber);
    }
}
