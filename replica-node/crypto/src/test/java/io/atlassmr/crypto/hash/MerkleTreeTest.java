package io.atlassmr.crypto.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    @Property(tries = 200)
    void everyLeafLeadsToTheRoot(@ForAll @IntRange(min = 1, max = 70) int count) {
        MerkleTree tree = MerkleTree.of(leaves(count));
        for (int i = 0; i < count; i++) {
            assertEquals(tree.root(), MerkleTree.rootOf(leaf(i), i, count, tree.path(i)));
        }
    }

    @Property(tries = 200)
    void anotherContentDoesNotLeadToTheRoot(
            @ForAll @IntRange(min = 1, max = 70) int count, @ForAll @Size(max = 8) byte[] content) {
        MerkleTree tree = MerkleTree.of(leaves(count));
        for (int i = 0; i < count; i++) {
            if (!Arrays.equals(content, leaf(i))) {
                assertNotEquals(tree.root(), MerkleTree.rootOf(content, i, count, tree.path(i)));
            }
        }
    }

    @Test
    void theTreesOfUpToFourLeavesAreTheDocumentedOnes() {
        Digest a = Sha256.of(LEAF, leaf(0));
        Digest b = Sha256.of(LEAF, leaf(1));
        Digest c = Sha256.of(LEAF, leaf(2));
        Digest d = Sha256.of(LEAF, leaf(3));
        assertEquals(a, MerkleTree.of(leaves(1)).root());
        assertEquals(node(a, b), MerkleTree.of(leaves(2)).root());
        assertEquals(node(node(a, b), c), MerkleTree.of(leaves(3)).root());
        assertEquals(node(node(a, b), node(c, d)), MerkleTree.of(leaves(4)).root());
    }

    @Test
    void aPathHoldsTheSiblingsFromTheLeafUp() {
        Digest a = Sha256.of(LEAF, leaf(0));
        Digest b = Sha256.of(LEAF, leaf(1));
        Digest c = Sha256.of(LEAF, leaf(2));
        MerkleTree tree = MerkleTree.of(leaves(3));
        assertEquals(List.of(b, c), tree.path(0));
        assertEquals(List.of(a, c), tree.path(1));
        assertEquals(List.of(node(a, b)), tree.path(2));
        assertEquals(List.of(), MerkleTree.of(leaves(1)).path(0));
    }

    @Test
    void theOrderOfLeavesMatters() {
        assertNotEquals(
                MerkleTree.of(List.of(leaf(0), leaf(1))).root(),
                MerkleTree.of(List.of(leaf(1), leaf(0))).root());
    }

    @Test
    void aLeafTwiceAtTheEndIsAnotherTree() {
        List<byte[]> three = leaves(3);
        List<byte[]> four = new ArrayList<>(three);
        four.add(leaf(2));
        assertNotEquals(MerkleTree.of(three).root(), MerkleTree.of(four).root());
    }

    @Test
    void anInnerNodeDoesNotPassForALeaf() {
        MerkleTree tree = MerkleTree.of(leaves(4));
        byte[] inner = concat(
                Sha256.of(LEAF, leaf(0)).toByteArray(), Sha256.of(LEAF, leaf(1)).toByteArray());
        Digest right = tree.path(0).getLast();
        assertNotEquals(tree.root(), MerkleTree.rootOf(inner, 0, 2, List.of(right)));
    }

    @Test
    void aTreeOfNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.of(List.of()));
    }

    @Test
    void aPathOfNoLeafIsRefused() {
        MerkleTree tree = MerkleTree.of(leaves(3));
        assertThrows(IndexOutOfBoundsException.class, () -> tree.path(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> tree.path(3));
    }

    @Test
    void anIndexThatDoesNotFitTheCountIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.rootOf(leaf(0), -1, 1, List.of()));
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.rootOf(leaf(0), 1, 1, List.of()));
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.rootOf(leaf(0), 0, 0, List.of()));
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.rootOf(leaf(0), 0, -5, List.of()));
    }

    @Test
    void aPathOfAnotherLengthIsRefused() {
        List<Digest> path = MerkleTree.of(leaves(5)).path(0);
        List<Digest> longer = new ArrayList<>(path);
        longer.add(Digest.ZERO);
        List<Digest> shorter = path.subList(0, path.size() - 1);
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.rootOf(leaf(0), 0, 5, longer));
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.rootOf(leaf(0), 0, 5, shorter));
    }

    @Test
    void anyCountOfLeavesIsJudged() {
        IllegalArgumentException thrown = assertThrows(
                IllegalArgumentException.class,
                () -> MerkleTree.rootOf(leaf(0), 0, Integer.MAX_VALUE, List.of(Digest.ZERO)));
        assertTrue(thrown.getMessage().contains("too short"), thrown.getMessage());
    }

    private static List<byte[]> leaves(int count) {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leaves.add(leaf(i));
        }
        return leaves;
    }

    private static byte[] leaf(int index) {
        return new byte[] {(byte) index, 42};
    }

    private static Digest node(Digest left, Digest right) {
        return Sha256.of(NODE, left.toByteArray(), right.toByteArray());
    }

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] all = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, all, left.length, right.length);
        return all;
    }
}
