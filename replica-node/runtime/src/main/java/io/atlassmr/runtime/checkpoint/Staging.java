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
import java.util.BitSet;
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
    /** Those of the newest own checkpoint, by their digests; null before they are looked for. */
    private Map<Digest, Part> ownParts;

    private DivisibleState.Assembly assembly;
    private Manifest manifest;
    /** Pages that came since it was last said what is missing. */
    private final TreeSet<Integer> freshPages = new TreeSet<>();
    /** The first page whose parts the assembly does not expect yet. */
    private int nextExpected;
    /** Parts that are not here yet. */
    private final BitSet lacking = new BitSet();

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
            if (!pages.containsKey(page)) {
                pages.put(page, Manifest.Page.decode(content));
                freshPages.add(page);
            }
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

    /** Of a page that is here. */
    private Part part(int index) {
        return pages.get(index / Manifest.PARTS_PER_PAGE).parts().get(index % Manifest.PARTS_PER_PAGE);
    }

    /**
     * Uses what is here already of the pages that came since the last call, and says what of them has to be fetched.
     *
     * @throws IOException if the disk fails, or the manifest, though certified, is not one of this application
     */
    public List<MissingPart> missing() throws IOException {
        if (manifest == null && hasManifest()) {
            describe();
        }
        if (divisible != null) {
            expectParts();
        }
        List<MissingPart> missing = new ArrayList<>();
        for (int page : freshPages) {
            requireFull(page);
            int index = page * Manifest.PARTS_PER_PAGE;
            for (Part part : pages.get(page).parts()) {
                if (!isHere(part) && !copyOwn(part)) {
                    missing.add(new MissingPart(index, part.sizeBytes()));
                    lacking.set(index);
                }
                index++;
            }
        }
        freshPages.clear();
        return missing;
    }

    /** A part's place in the manifest says in which page it is. */
    private void requireFull(int page) throws IOException {
        int full = Math.min(Manifest.PARTS_PER_PAGE, header.partCount() - page * Manifest.PARTS_PER_PAGE);
        int count = pages.get(page).parts().size();
        if (count != full) {
            throw new IOException(
                    "the certified manifest is none: page " + page + " has " + count + " parts, not " + full);
        }
    }

    private void describe() throws IOException {
        try {
            manifest = Manifest.ofPages(List.copyOf(pages.values()));
        } catch (MalformedMessageException e) {
            throw new IOException("the certified manifest is none: " + e.getMessage(), e);
        }
        CheckpointHeader described = manifest.header(
                header.sequenceNumber(), header.agreedTimeMillis(), header.historyDigest(), header.reconfiguration());
        if (!described.equals(header)) {
            throw new IOException("the certified manifest does not fit its header: " + described + ", not " + header);
        }
        known = null;
        // From now on this manifest is what pages of later ones may refer to.
        StoredCheckpoint.describe(directory, header, manifest);
    }

    /** Tells the assembly the parts of all pages up to the first that is not here. */
    private void expectParts() throws IOException {
        if (assembly == null) {
            assembly = divisible.assemble(directory.resolve(CheckpointFiles.STATE_DIRECTORY));
        }
        for (; pages.containsKey(nextExpected); nextExpected++) {
            assembly.expect(applicationParts(pages.get(nextExpected).parts()));
        }
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

    private boolean copyOwn(Part part) throws IOException {
        if (ownParts == null) {
            ownParts = new HashMap<>();
            if (own != null) {
                own.manifest().parts().forEach(each -> ownParts.put(each.digest(), each));
            }
        }
        Part ownPart = ownParts.get(part.digest());
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
        if (index < 0 || index >= header.partCount() || !pages.containsKey(index / Manifest.PARTS_PER_PAGE)) {
            return "part " + index + " was not asked for";
        }
        Part part = part(index);
        if (!verification.matches(part, content, digest)) {
            return "part " + index + " is not the certificate's";
        }
        boolean _ = put(part, content);
        lacking.clear(index);
        return null;
    }

    private static List<PartDescriptor> applicationParts(List<Part> parts) {
        return parts.stream()
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
            assembly.finish(applicationParts(manifest.parts()));
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
