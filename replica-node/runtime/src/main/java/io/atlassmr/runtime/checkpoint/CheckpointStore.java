package io.atlassmr.runtime.checkpoint;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.ReplicatedState;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.checkpoint.Manifest;
import io.atlassmr.protocol.checkpoint.Part;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.runtime.execution.OrderedExecution.StateSource;
import io.atlassmr.runtime.execution.StateCapture;
import io.atlassmr.runtime.log.StorageCondition;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * A replica's checkpoints on disk, one directory each: header, manifest, sessions, and the application's state. A directory
 * appears whole or not at all. Thread-safe.
 */
public final class CheckpointStore implements AutoCloseable {

    private static final String TEMPORARY = "tmp-";
    private static final String TRANSFER = "transfer";
    private static final String SET_ASIDE = "damaged";

    private final Path root;
    private final DivisibleState divisible;
    private final PartVerification verification;
    private final StorageCondition condition;
    /** Checkpoints with a certificate, by sequence number. */
    private final TreeMap<Long, StoredCheckpoint> open = new TreeMap<>();

    private final TreeMap<Long, Certificate> certificates = new TreeMap<>();
    /** What was gathered last; null before. */
    private volatile Staging staging;

    private volatile long ownManifest;
    private volatile long gatheredManifest;

    /**
     * @param root this replica's alone; made if it is missing
     * @throws IOException if the directory cannot be used
     */
    public CheckpointStore(Path root, ReplicatedState state) throws IOException {
        this(root, state, PartVerification.BY_DIGEST, new StorageCondition());
    }

    /**
     * @param root this replica's alone; made if it is missing
     * @param verification what peers have to pass with the parts they give
     * @param condition told what is damaged, and what the disk does not take
     * @throws IOException if the directory cannot be used
     */
    public CheckpointStore(Path root, ReplicatedState state, PartVerification verification, StorageCondition condition)
            throws IOException {
        this.root = root;
        this.condition = condition;
        this.divisible = state instanceof DivisibleState parts ? parts : null;
        this.verification = verification;
        Files.createDirectories(root);
    }

    /**
     * The newest of these checkpoints that is here and sound, as a quorum signed it; null if there is none. Of the others, those
     * before it stay in reserve until the next one is stable, and one that was being gathered stays, as does one that was fetched
     * and not recorded: what is here of them need not be fetched again. The rest is forgotten.
     *
     * @param stable certificates, newest first
     * @throws IOException if what is to be forgotten cannot be removed
     */
    public synchronized Certificate recover(List<Certificate> stable) throws IOException {
        Certificate newest = null;
        Set<Path> kept = new HashSet<>(Set.of(root.resolve(TRANSFER), root.resolve(SET_ASIDE)));
        for (Certificate certificate : stable) {
            if (newest == null && isSound(certificate)) {
                newest = certificate;
                certificates.put(certificate.sequenceNumber(), certificate);
            }
            if (newest != null) {
                kept.add(directory(certificate.sequenceNumber()));
            }
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                if (!kept.contains(entry) && !gatherFrom(entry)) {
                    CheckpointFiles.delete(entry);
                }
            }
        }
        certificatesChanged();
        gatheredManifest = KnownParts.upTo(root.resolve(TRANSFER));
        return newest;
    }

    /** The certificates of the checkpoints that are held, ascending. */
    public synchronized List<Certificate> certificates() {
        return List.copyOf(certificates.values());
    }

    /** Makes a checkpoint that was fetched, and is none since nobody recorded it, what the next transfer begins with. */
    private boolean gatherFrom(Path directory) throws IOException {
        Path transfer = root.resolve(TRANSFER);
        if (!Files.exists(directory.resolve(CheckpointFiles.FETCHED)) || Files.exists(transfer)) {
            return false;
        }
        Files.move(directory, transfer, StandardCopyOption.ATOMIC_MOVE);
        CheckpointFiles.sync(root);
        return true;
    }

    private boolean isSound(Certificate certificate) {
        Path directory = directory(certificate.sequenceNumber());
        if (!Files.isDirectory(directory)) {
            return false;
        }
        StoredCheckpoint checkpoint = null;
        try {
            checkpoint = StoredCheckpoint.open(directory, divisible);
            if (!checkpoint.header().digest().equals(certificate.digest())) {
                throw new IOException("the certificate is about another state");
            }
            checkpoint.verify();
            open.put(certificate.sequenceNumber(), checkpoint);
            return true;
        } catch (IOException | RuntimeException e) {
            condition.damaged("checkpoint " + certificate.sequenceNumber()
                    + ", an older one or the peers have to serve: " + reason(e));
            if (checkpoint != null) {
                checkpoint.close();
            }
            return false;
        }
    }

    /**
     * Writes a checkpoint, durably.
     *
     * @return its digest, to be voted on
     * @throws IOException if it cannot be written; nothing of it stays
     */
    public Digest save(StateCapture capture) throws IOException {
        Path temporary = root.resolve(TEMPORARY + capture.sequenceNumber());
        CheckpointFiles.delete(temporary);
        Files.createDirectories(temporary);
        try {
            long s = capture.sequenceNumber();
            List<Part> parts = new ArrayList<>(PartFile.write(
                    temporary.resolve(CheckpointFiles.SESSIONS), Part.Kind.SESSIONS, s, capture.sessions()::writeTo));
            switch (capture.application()) {
                case StateCapture.Monolithic(var image) ->
                    parts.addAll(PartFile.write(
                            temporary.resolve(CheckpointFiles.STATE_FILE), Part.Kind.APPLICATION, s, image::writeTo));
                case StateCapture.Divisible(var image) -> {
                    for (DivisibleState.PartDescriptor part : image.parts()) {
                        parts.add(new Part(
                                Part.Kind.APPLICATION,
                                part.id(),
                                part.version(),
                                Digest.of(part.digest()),
                                part.sizeBytes()));
                    }
                    image.saveTo(temporary.resolve(CheckpointFiles.STATE_DIRECTORY));
                }
            }
            Manifest manifest = new Manifest(parts);
            CheckpointHeader header =
                    manifest.header(s, capture.agreedTimeMillis(), capture.historyDigest(), capture.reconfiguration());
            StoredCheckpoint.describe(temporary, header, manifest);
            publishTaken(temporary, s);
            return header.digest();
        } catch (IOException | RuntimeException e) {
            CheckpointFiles.delete(temporary);
            throw e;
        }
    }

    /** Gives one that was taken here its place, unless one that a quorum signed has it. */
    private synchronized void publishTaken(Path directory, long sequenceNumber) throws IOException {
        if (certificates.containsKey(sequenceNumber)) {
            CheckpointFiles.delete(directory);
        } else {
            publish(directory, sequenceNumber);
        }
    }

    /** Gives a directory that is written in full its place. */
    private synchronized void publish(Path directory, long sequenceNumber) throws IOException {
        Path place = directory(sequenceNumber);
        StoredCheckpoint replaced = open.remove(sequenceNumber);
        if (replaced != null) {
            replaced.close();
        }
        CheckpointFiles.delete(place);
        Files.move(directory, place, StandardCopyOption.ATOMIC_MOVE);
        CheckpointFiles.sync(root);
    }

    /**
     * A quorum signed this checkpoint, which is here; those before {@code oldestKept} are removed, and those between that no
     * quorum signed.
     *
     * @throws IOException if it is not here, or others cannot be removed
     */
    public synchronized void stable(Certificate certificate, long oldestKept) throws IOException {
        long s = certificate.sequenceNumber();
        if (!open.containsKey(s)) {
            open.put(s, StoredCheckpoint.open(directory(s), divisible));
        }
        certificates.put(s, certificate);
        certificates.headMap(oldestKept).clear();
        certificatesChanged();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[0-9]*")) {
            for (Path entry : entries) {
                long found = Long.parseLong(entry.getFileName().toString());
                if (found < oldestKept || (found < s && !certificates.containsKey(found))) {
                    StoredCheckpoint closed = open.remove(found);
                    if (closed != null) {
                        closed.close();
                    }
                    CheckpointFiles.delete(entry);
                }
            }
        }
    }

    /**
     * Puts all checkpoints where they are neither used nor removed, in place of those that were put there before: the log that
     * vouched for them is lost, but a person may want them.
     *
     * @throws IOException if they cannot be moved
     */
    public synchronized void setAside() throws IOException {
        Path aside = root.resolve(SET_ASIDE);
        CheckpointFiles.delete(aside);
        Files.createDirectories(aside);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[0-9]*")) {
            for (Path entry : entries) {
                Files.move(entry, aside.resolve(entry.getFileName()), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /** A part of this checkpoint cannot be read as it was written: it is shown no more, so that peers ask elsewhere. */
    public synchronized void damaged(long sequenceNumber, Exception reason) {
        condition.damaged("checkpoint " + sequenceNumber + ", not given to peers any more: " + reason(reason));
        certificates.remove(sequenceNumber);
        certificatesChanged();
    }

    /** Told what the disk does not take. */
    public StorageCondition condition() {
        return condition;
    }

    private static String reason(Exception e) {
        return e.getMessage() == null || e instanceof FileSystemException ? e.toString() : e.getMessage();
    }

    /** The checkpoint with a certificate at this place, null if there is none. */
    public synchronized CheckpointReader at(long sequenceNumber) {
        Certificate certificate = certificates.get(sequenceNumber);
        StoredCheckpoint checkpoint = open.get(sequenceNumber);
        return certificate == null || checkpoint == null ? null : new CheckpointReader(certificate, checkpoint);
    }

    /** The newest checkpoint with a certificate, null if there is none. */
    public synchronized CheckpointReader newest() {
        return certificates.isEmpty() ? null : at(certificates.lastKey());
    }

    /**
     * What a recovered or installed checkpoint puts in place.
     *
     * @throws IOException if it is not here, because a newer one replaced it for example
     */
    public synchronized StateSource source(long sequenceNumber) throws IOException {
        StateSource source = open.get(sequenceNumber);
        if (source == null) {
            throw new IOException("checkpoint " + sequenceNumber + " is kept no longer");
        }
        return source;
    }

    /**
     * Makes room for a checkpoint that is gathered from peers, or goes on with one.
     *
     * @throws IOException if the directory cannot be used
     */
    public Staging stage(CheckpointHeader header) throws IOException {
        Path directory = root.resolve(TRANSFER);
        Files.createDirectories(directory);
        gatheredManifest = KnownParts.upTo(directory);
        staging = new Staging(directory, divisible, header, newest(), verification);
        return staging;
    }

    /**
     * Forgets what was gathered, so that the next {@link #stage} begins from nothing; nobody has it open.
     *
     * @throws IOException if it cannot be removed
     */
    public void discardGathered() throws IOException {
        CheckpointFiles.delete(root.resolve(TRANSFER));
        gatheredManifest = 0;
        staging = null;
    }

    /**
     * The newest checkpoint whose manifest is here, so that pages of later ones may be asked for in short; 0 if there is none, or
     * that did not help before. Waits for nobody.
     */
    public long manifestKnownUpTo() {
        Staging last = staging;
        return last != null && last.isAmbiguous() ? 0 : Math.max(ownManifest, gatheredManifest);
    }

    private void certificatesChanged() {
        ownManifest = certificates.isEmpty() ? 0 : certificates.lastKey();
    }

    /**
     * Gives a gathered checkpoint its place among the others.
     *
     * @throws IOException if it is not complete, or cannot be moved
     */
    public void adopt(Staging staging, Certificate certificate) throws IOException {
        // Takes its time, and nobody else has to wait for it.
        Path finished = staging.finish();
        long s = certificate.sequenceNumber();
        synchronized (this) {
            publish(finished, s);
            certificates.put(s, certificate);
            open.put(s, StoredCheckpoint.of(directory(s), staging.header(), staging.manifest(), divisible));
            certificatesChanged();
            gatheredManifest = 0;
        }
    }

    private Path directory(long sequenceNumber) {
        return CheckpointFiles.directory(root, sequenceNumber);
    }

    @Override
    public synchronized void close() {
        open.values().forEach(StoredCheckpoint::close);
        open.clear();
    }
}
