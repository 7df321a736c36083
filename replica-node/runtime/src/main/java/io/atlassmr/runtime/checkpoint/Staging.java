package io.atlassmr.runtime.checkpoint;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.MerkleTree;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.checkpoint.CompactPage;
import io.atlassmr.protocol.checkpoint.Manifest;
import io.atlassmr.protocol.checkpoint.Part;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.transfer.StateTransferEvent.MissingPart;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * A checkpoint in the making: every page and part is compared with what the certificate vouches for before it is kept. What
 * earlier attempts left, and what the newest own checkpoint has, is used again by its digest. One thread.
 */
public final class Staging implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Staging.class);

    private final Path directory;
    private final DivisibleState divisible;
    private final CheckpointHeader header;
    private final CheckpointReader own;
    private final PartVerification verification;
    private final TreeMap<Integer, Manifest.Page> pages = new TreeMap<>();
    /** Which pages each peer gave in short that were of no use. */
    private final TreeMap<Integer, TreeSet<Integer>> unresolved = new TreeMap<>();

    private volatile boolean isAmbiguous;
    private KnownParts known;
    private DivisibleState.Assembly assembly;
    private Manifest manifest;
    /** Parts that are not here yet. */
    private final TreeSet<Integer> lacking = new TreeSet<>();

    Staging(
            Path directory,
            DivisibleState divisible,
            CheckpointHeader header,
            CheckpointReader own,
            PartVerification verification) {
        this.directory = directory;
        this.divisible = divisible;
        this.header = header;
        this.own = own;
        this.verification = verification;
    }

    /** The checkpoint that is gathered. */
    public CheckpointHeader header() {
        return header;
    }

    /**
     * Takes a page of the manifest.
     *
     * @return why it is refused, null if it is good
     */
    public String addPage(int page, byte[] content, List<Digest> path) {
        try {
            if (!MerkleTree.rootOf(content, page, header.pageCount(), path).equals(header.pagesRoot())) {
                return "page " + page + " is not the certificate's";
            }
            pages.put(page, Manifest.Page.decode(content));
            return null;
        } catch (IllegalArgumentException | MalformedMessageException e) {
            return "page " + page + ": " + e.getMessage();
        }
    }

    /** What became of a page that came in short. */
    public enum Compact {
        STORED,
        /** What is here does not lead to it: it is to be had in full. */
        UNRESOLVED,
        /** The peer was told so before. */
        REFUSED
    }

    /** Takes a page of the manifest that a peer gives in short. */
    public Compact addPage(int from, int page, CompactPage compact, List<Digest> path) {
        if (known == null) {
            known = KnownParts.of(own, directory);
        }
        byte[] content = compact.resolve(known::named);
        if (content != null && addPage(page, content, path) == null) {
            return Compact.STORED;
        }
        isAmbiguous = true;
        return unresolved.computeIfAbsent(from, _ -> new TreeSet<>()).add(page) ? Compact.UNRESOLVED : Compact.REFUSED;
    }

    /** Whether a page could not be told from what is here, so that they are to be asked for in full. */
    boolean isAmbiguous() {
        return isAmbiguous;
    }

    /** What the checkpoint consists of, null before all pages were here. */
    Manifest manifest() {
        return manifest;
    }

    /** Whether all pages are here. */
    public boolean hasManifest() {
        return pages.size() == header.pageCount();
    }

    /**
     * Uses what is here already, and says what has to be fetched.
     *
     * @throws IOException if the disk fails, or the manifest, though certified, is not one of this application
     */
    public List<MissingPart> missing() throws IOException {
        try {
            manifest = Manifest.ofPages(List.copyOf(pages.values()));
        } catch (MalformedMessageException e) {
            throw new IOException("the certified manifest is none: " + e.getMessage(), e);
        }
        List<Part> parts = manifest.parts();
        CheckpointHeader described = manifest.header(
                header.sequenceNumber(), header.agreedTimeMillis(), header.historyDigest(), header.reconfiguration());
        if (!described.equals(header)) {
            throw new IOException("the certified manifest does not fit its header: " + described + ", not " + header);
        }
        known = null;
        // From now on this manifest is what pages of later ones may refer to.
        StoredCheckpoint.describe(directory, header, manifest);
        if (divisible != null) {
            if (assembly == null) {
                assembly = divisible.assemble(directory.resolve(CheckpointFiles.STATE_DIRECTORY));
            }
            assembly.expect(applicationParts());
        }
        Map<Digest, Part> ownParts = new HashMap<>();
        if (own != null) {
            own.manifest().parts().forEach(part -> ownParts.put(part.digest(), part));
        }
        List<MissingPart> missing = new ArrayList<>();
        lacking.clear();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (!isHere(part) && !copyOwn(ownParts.get(part.digest()), part)) {
                missing.add(new MissingPart(i, part.sizeBytes()));
                lacking.add(i);
            }
        }
        return missing;
    }

    private boolean isHere(Part part) throws IOException {
        if (isAssembled(part)) {
            return assembly.has(descriptor(part));
        }
        Path file = file(part);
        long end = (long) PartFile.index(part) * PartFile.PART_BYTES + part.sizeBytes();
        return Files.exists(file)
                && Files.size(file) >= end
                && Sha256.of(PartFile.read(file, PartFile.index(part), part.sizeBytes()))
                        .equals(part.digest());
    }

    private boolean copyOwn(Part ownPart, Part part) throws IOException {
        byte[] content = ownPart == null ? null : readOwn(ownPart);
        return content != null && put(part, content);
    }

    /** Compared with its digest; null if it cannot be read: then the peers have to give it. */
    private byte[] readOwn(Part ownPart) {
        try {
            return own.read(ownPart);
        } catch (IOException e) {
            LOG.warnf("checkpoint %d does not give a part: %s", own.header().sequenceNumber(), e);
            return null;
        }
    }

    private boolean put(Part part, byte[] content) throws IOException {
        if (isAssembled(part)) {
            assembly.put(descriptor(part), content);
        } else {
            PartFile.put(file(part), PartFile.index(part), content);
        }
        return true;
    }

    /**
     * Takes a part.
     *
     * @param digest SHA-256 of the content
     * @return why it is refused, null if it is good
     * @throws IOException if the disk fails
     */
    public String addPart(int index, byte[] content, Digest digest) throws IOException {
        if (manifest == null || index < 0 || index >= manifest.parts().size()) {
            return "part " + index + " was not asked for";
        }
        Part part = manifest.parts().get(index);
        if (!verification.matches(part, content, digest)) {
            return "part " + index + " is not the certificate's";
        }
        boolean _ = put(part, content);
        lacking.remove(index);
        return null;
    }

    private List<PartDescriptor> applicationParts() {
        return manifest.parts().stream()
                .filter(part -> part.kind() == Part.Kind.APPLICATION)
                .map(Staging::descriptor)
                .toList();
    }

    private boolean isAssembled(Part part) {
        return divisible != null && part.kind() == Part.Kind.APPLICATION;
    }

    private Path file(Part part) {
        return directory.resolve(
                switch (part.kind()) {
                    case SESSIONS -> CheckpointFiles.SESSIONS;
                    case APPLICATION -> CheckpointFiles.STATE_FILE;
                });
    }

    private static PartDescriptor descriptor(Part part) {
        return new PartDescriptor(part.id(), part.version(), part.digest().toByteArray(), part.sizeBytes());
    }

    /** Makes what is here survive a crash. */
    public void sync() throws IOException {
        if (assembly != null) {
            assembly.sync();
        }
    }

    /**
     * The directory, complete and durable.
     *
     * @throws IOException if parts are missing, or the disk fails
     */
    Path finish() throws IOException {
        if (manifest == null || !lacking.isEmpty()) {
            throw new IOException("checkpoint " + header.sequenceNumber() + " is not complete");
        }
        if (assembly != null) {
            assembly.finish(applicationParts());
            close();
        }
        for (Part.Kind kind : Part.Kind.values()) {
            if (kind == Part.Kind.SESSIONS || divisible == null) {
                trim(kind);
            }
        }
        Path marker = directory.resolve(CheckpointFiles.FETCHED);
        Files.write(marker, new byte[0]);
        CheckpointFiles.sync(marker);
        CheckpointFiles.sync(directory);
        return directory;
    }

    /** A file may be longer than this checkpoint's, from an earlier attempt at another one. */
    private void trim(Part.Kind kind) throws IOException {
        long sizeBytes = 0;
        Path file = null;
        for (Part part : manifest.parts()) {
            if (part.kind() == kind) {
                sizeBytes += part.sizeBytes();
                file = file(part);
            }
        }
        if (file != null) {
            try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.truncate(sizeBytes);
            }
            CheckpointFiles.sync(file);
        }
    }

    @Override
    public void close() {
        if (assembly != null) {
            assembly.close();
            assembly = null;
        }
    }
}
