package io.atlassmr.crypto.hash;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A binary Merkle tree over SHA-256, so that one signature of the root vouches for every leaf. Leaves and inner nodes are
 * hashed with different prefixes (RFC 6962, section 2.1), so that neither passes for the other; a node without a sibling
 * moves up unchanged. Immutable.
 */
public final class MerkleTree {

    private static final byte[] LEAF_PREFIX = {0};
    private static final byte[] NODE_PREFIX = {1};

    private final List<List<Digest>> levels;

    private MerkleTree(List<List<Digest>> levels) {
        this.levels = levels;
    }

    /**
     * @param leaves the contents the tree vouches for, at least one
     * @throws IllegalArgumentException if there are no leaves
     */
    public static MerkleTree of(List<byte[]> leaves) {
        if (leaves.isEmpty()) {
            throw new IllegalArgumentException("a Merkle tree needs at least one leaf");
        }
        List<List<Digest>> levels = new ArrayList<>();
        List<Digest> level =
                leaves.stream().map(leaf -> Sha256.of(LEAF_PREFIX, leaf)).toList();
        levels.add(level);
        while (level.size() > 1) {
            List<Digest> above = new ArrayList<>((level.size() + 1) / 2);
            for (int i = 0; i < level.size(); i += 2) {
                above.add(i + 1 < level.size() ? node(level.get(i), level.get(i + 1)) : level.get(i));
            }
            levels.add(above);
            level = above;
        }
        return new MerkleTree(levels);
    }

    /** The digest to sign. */
    public Digest root() {
        return levels.getLast().getFirst();
    }

    /**
     * The siblings, from the leaf up, that lead from leaf {@code index} to the root.
     *
     * @throws IndexOutOfBoundsException if there is no such leaf
     */
    public List<Digest> path(int index) {
        Objects.checkIndex(index, levels.getFirst().size());
        List<Digest> path = new ArrayList<>(levels.size() - 1);
        int position = index;
        for (List<Digest> level : levels.subList(0, levels.size() - 1)) {
            int sibling = position ^ 1;
            if (sibling < level.size()) {
                path.add(level.get(sibling));
            }
            position >>= 1;
        }
        return path;
    }

    /**
     * The root that a leaf and its path lead to. The caller compares it with a signed root, which then vouches for the leaf's
     * content. It vouches for index and count only if they are part of what is signed: a leaf that moved up unchanged may be
     * placed in a smaller tree with the same root.
     *
     * @param leafCount how many leaves the tree has
     * @throws IllegalArgumentException if index, count and path length do not fit together
     */
    public static Digest rootOf(byte[] leaf, int index, int leafCount, List<Digest> path) {
        if (index < 0 || index >= leafCount) {
            throw new IllegalArgumentException("leaf " + index + " of " + leafCount);
        }
        Digest digest = Sha256.of(LEAF_PREFIX, leaf);
        int position = index;
        int width = leafCount;
        int used = 0;
        while (width > 1) {
            int sibling = position ^ 1;
            if (sibling < width) {
                if (used == path.size()) {
                    throw new IllegalArgumentException("the path of leaf " + index + " is too short: " + path.size());
                }
                Digest other = path.get(used++);
                digest = (position & 1) == 0 ? node(digest, other) : node(other, digest);
            }
            position >>= 1;
            width = width / 2 + (width & 1);
        }
        if (used != path.size()) {
            throw new IllegalArgumentException("the path of leaf " + index + " is too long: " + path.size());
        }
        return digest;
    }

    private static Digest node(Digest left, Digest right) {
        return Sha256.of(NODE_PREFIX, left.toByteArray(), right.toByteArray());
    }
}
