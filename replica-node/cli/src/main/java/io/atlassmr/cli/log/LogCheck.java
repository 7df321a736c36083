package io.atlassmr.cli.log;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.cli.cluster.directory.FileTrees;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.kv.RocksDbKvState;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.runtime.checkpoint.CheckpointVerification;
import io.atlassmr.runtime.log.LogVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * What the check of a log and the checkpoints beside it found.
 *
 * @param prunedUpTo decisions up to here are removed, as they should be
 * @param lastDecided the last decision that was found good
 * @param decisions how many were
 * @param checkpoints how many certificates of checkpoints were
 * @param checkpointBytes how many bytes of checkpoints were compared with what a quorum signed
 * @param votes how many votes above the last decision were
 * @param evidence how many proofs of misbehaviour were
 * @param fault the first fault; empty if there is none
 */
public record LogCheck(
        long prunedUpTo,
        long lastDecided,
        long decisions,
        int checkpoints,
        long checkpointBytes,
        long votes,
        long evidence,
        Optional<Fault> fault) {

    /**
     * @param place what part of the store it is in: a family of records, {@code STORE} or {@code CHECKPOINT_FILES}
     * @param key where it is in that part: a record's key, a checkpoint's sequence number; 0 in the store as a whole
     */
    public record Fault(String place, long key, String reason) {}

    private static final String STORE = "STORE";
    private static final String CHECKPOINT_FILES = "CHECKPOINT_FILES";

    /**
     * Checks everything up to the first fault.
     *
     * @param progress told the decisions checked so far
     * @throws IOException if so much cannot be read that there is no end to it
     */
    public static LogCheck run(OfflineReplica replica, LongConsumer progress) throws IOException {
        LogVerification.Report report = new LogVerification(
                        replica.store(), replica.membership(), replica.id(), new Ed25519Verifier(), progress)
                .verify();
        Optional<Fault> fault = Optional.ofNullable(report.fault())
                .map(found -> new Fault(found.family().name(), found.key(), found.reason()));
        if (fault.isEmpty()) {
            // Records that are gone from the end leave no trace but this.
            fault = replica.store().damage().map(damage -> new Fault(STORE, 0, damage));
        }
        long bytes = 0;
        if (fault.isEmpty()) {
            Checkpoints checkpoints = new Checkpoints(replica, report);
            fault = checkpoints.verify();
            bytes = checkpoints.bytes;
        }
        return new LogCheck(
                report.prunedUpTo(),
                report.lastDecided(),
                report.decisions(),
                report.checkpoints().size(),
                bytes,
                report.votes(),
                report.evidence(),
                fault);
    }

    /** Whether nothing is wrong. */
    public boolean sound() {
        return fault.isEmpty();
    }

    /** The checkpoints' directories beside the log. */
    private static final class Checkpoints {

        private final CheckpointVerification files;
        private final LogVerification.Report report;
        private long bytes;
        private long newest;

        Checkpoints(OfflineReplica replica, LogVerification.Report report) {
            this.files = new CheckpointVerification(
                    replica.files().checkpoints(), replica.membership().clusterId());
            this.report = report;
        }

        Optional<Fault> verify() throws IOException {
            for (Certificate certificate : report.checkpoints()) {
                long s = certificate.sequenceNumber();
                // One that was found damaged once was removed, and its certificate stays until the next is stable.
                if (files.exists(s)) {
                    try {
                        bytes += files.isDivisible(s) ? verifyDivisible(certificate) : files.verify(certificate, null);
                    } catch (IOException e) {
                        return Optional.of(new Fault(CHECKPOINT_FILES, s, e.getMessage()));
                    }
                    newest = s;
                }
            }
            return newest >= report.prunedUpTo()
                    ? Optional.empty()
                    : Optional.of(new Fault(
                            CHECKPOINT_FILES,
                            report.prunedUpTo(),
                            "decisions up to here are removed, and there is no checkpoint that holds their effect"));
        }

        /** It takes the application to read its image; an empty one of its own is made for that. */
        private long verifyDivisible(Certificate certificate) throws IOException {
            Path directory = Files.createTempDirectory("atlas-verify-");
            try (RocksDbKvState state = RocksDbKvState.open(directory)) {
                return files.verify(certificate, (DivisibleState) state.replicatedState());
            } finally {
                FileTrees.delete(directory);
            }
        }
    }
}
