package io.atlassmr.protocol.checkpoint;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.MerkleTree;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import java.util.ArrayList;
import java.util.List;

/** The parts of a checkpoint in order: first those of the sessions, then the application's. Immutable. */
public final class Manifest {

    /** Parts of every page but the last. */
    public static final int PARTS_PER_PAGE = 4096;

    /** Most parts of a checkpoint. */
    public static final int MAX_PARTS = 1 << 24;

    private final List<Part> parts;
    private final List<byte[]> pages;
    private final MerkleTree tree;

    /**
     * A page as it was made once, read.
     *
     * @param bytes not to be changed
     */
    public record Page(byte[] bytes, List<Part> parts) {

        /** @throws MalformedMessageException if it is not a page within bounds */
        public static Page decode(byte[] bytes) throws MalformedMessageException {
            return new Page(bytes, CheckpointCodec.decodePage(bytes));
        }
    }

    /**
     * @throws IllegalArgumentException if there are more than {@value #MAX_PARTS} parts
     */
    public Manifest(List<Part> parts) {
        this(requireFew(parts), encode(parts));
    }

    private Manifest(List<Part> parts, List<byte[]> pages) {
        this.parts = List.copyOf(parts);
        this.pages = pages;
        this.tree = MerkleTree.of(pages);
    }

    private static List<Part> requireFew(List<Part> parts) {
        if (parts.size() > MAX_PARTS) {
            throw new IllegalArgumentException("a state of " + parts.size() + " parts, at most " + MAX_PARTS);
        }
        return parts;
    }

    private static List<byte[]> encode(List<Part> parts) {
        List<byte[]> pages = new ArrayList<>(parts.size() / PARTS_PER_PAGE + 1);
        for (int from = 0; from == 0 || from < parts.size(); from += PARTS_PER_PAGE) {
            pages.add(CheckpointCodec.encodePage(parts.subList(from, Math.min(from + PARTS_PER_PAGE, parts.size()))));
        }
        return pages;
    }

    /**
     * The manifest of which these are all pages, in order: its root is over their bytes, which are not made anew.
     *
     * @throws MalformedMessageException if there is none, they name too many parts, or a page but the last is not full
     */
    public static Manifest ofPages(List<Page> pages) throws MalformedMessageException {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < pages.size(); i++) {
            int count = pages.get(i).parts().size();
            boolean mayBeShort = i == pages.size() - 1;
            if ((count != PARTS_PER_PAGE && !mayBeShort) || (count == 0 && i > 0)) {
                throw new MalformedMessageException("page " + i + " of a manifest has " + count + " parts");
            }
            parts.addAll(pages.get(i).parts());
        }
        if (pages.isEmpty() || parts.size() > MAX_PARTS) {
            throw new MalformedMessageException(
                    "a manifest of " + pages.size() + " pages and " + parts.size() + " parts");
        }
        return new Manifest(parts, pages.stream().map(Page::bytes).toList());
    }

    public List<Part> parts() {
        return parts;
    }

    /** How many pages there are, at least one. */
    public int pageCount() {
        return pages.size();
    }

    /** The parts that a page names. */
    public List<Part> partsOf(int page) {
        return parts.subList(page * PARTS_PER_PAGE, Math.min((page + 1) * PARTS_PER_PAGE, parts.size()));
    }

    /** A page's bytes; not to be changed. */
    public byte[] page(int index) {
        return pages.get(index);
    }

    /** What leads from a page to the root. */
    public List<Digest> path(int index) {
        return tree.path(index);
    }

    /** The header of the checkpoint with these parts. */
    public CheckpointHeader header(
            long sequenceNumber, long agreedTimeMillis, Digest historyDigest, ReconfigurationState reconfiguration) {
        long sizeBytes = 0;
        for (Part part : parts) {
            sizeBytes += part.sizeBytes();
        }
        return new CheckpointHeader(
                sequenceNumber,
                agreedTimeMillis,
                historyDigest,
                reconfiguration,
                pageCount(),
                tree.root(),
                parts.size(),
                sizeBytes);
    }
}
