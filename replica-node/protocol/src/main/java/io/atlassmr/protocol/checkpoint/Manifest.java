package io.atlassmr.protocol.checkpoint;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.MerkleTree;
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
     * @throws IllegalArgumentException if there are more than {@value #MAX_PARTS} parts
     */
    public Manifest(List<Part> parts) {
        if (parts.size() > MAX_PARTS) {
            throw new IllegalArgumentException("a state of " + parts.size() + " parts, at most " + MAX_PARTS);
        }
        this.parts = List.copyOf(parts);
        this.pages = new ArrayList<>(this.parts.size() / PARTS_PER_PAGE + 1);
        for (int from = 0; from == 0 || from < this.parts.size(); from += PARTS_PER_PAGE) {
            pages.add(CheckpointCodec.encodePage(
                    this.parts.subList(from, Math.min(from + PARTS_PER_PAGE, this.parts.size()))));
        }
        this.tree = MerkleTree.of(pages);
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
