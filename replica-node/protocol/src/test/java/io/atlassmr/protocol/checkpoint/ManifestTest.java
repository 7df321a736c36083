package io.atlassmr.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.MerkleTree;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.fixture.Cluster;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ManifestTest {

    private static final Digest HISTORY = Sha256.of(new byte[] {1});
    private static final ReconfigurationState MEMBERSHIP =
            Cluster.initial(Members.of(4).membership(), 4);
    private static final Digest OTHER = Sha256.of(new byte[] {2});

    private static Part part(int number) {
        byte[] id = ByteBuffer.allocate(4).putInt(number).array();
        return new Part(Part.Kind.APPLICATION, id, number, Sha256.of(id), number % 100);
    }

    private static List<Part> parts(int count) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(part(i));
        }
        return parts;
    }

    private static CheckpointHeader header(List<Part> parts) {
        return new Manifest(parts).header(7, 8, HISTORY, MEMBERSHIP);
    }

    private static void assertPages(int parts, int pages) throws MalformedMessageException {
        Manifest manifest = new Manifest(parts(parts));
        assertEquals(pages, manifest.pageCount());
        List<Part> read = new ArrayList<>();
        for (int page = 0; page < pages; page++) {
            read.addAll(CheckpointCodec.decodePage(manifest.page(page)));
        }
        assertEquals(manifest.parts(), read);
    }

    @Test
    void pagesNameAllPartsInTheirOrder() throws MalformedMessageException {
        assertPages(1, 1);
        assertPages(Manifest.PARTS_PER_PAGE, 1);
        assertPages(Manifest.PARTS_PER_PAGE + 1, 2);
        assertPages(3 * Manifest.PARTS_PER_PAGE, 3);
    }

    @Test
    void aStateWithoutPartsHasOneEmptyPage() throws MalformedMessageException {
        Manifest empty = new Manifest(List.of());
        assertEquals(1, empty.pageCount());
        assertArrayEquals(new byte[0], empty.page(0));
        assertEquals(List.of(), CheckpointCodec.decodePage(empty.page(0)));
    }

    private static Manifest ofPages(Manifest manifest, int... indexes) throws MalformedMessageException {
        List<Manifest.Page> pages = new ArrayList<>();
        for (int index : indexes) {
            pages.add(Manifest.Page.decode(manifest.page(index)));
        }
        return Manifest.ofPages(pages);
    }

    @Test
    void aManifestIsMadeOfItsPages() throws MalformedMessageException {
        Manifest manifest = new Manifest(parts(2 * Manifest.PARTS_PER_PAGE + 1));
        Manifest read = ofPages(manifest, 0, 1, 2);
        assertEquals(manifest.parts(), read.parts());
        assertEquals(manifest.header(7, 8, HISTORY, MEMBERSHIP), read.header(7, 8, HISTORY, MEMBERSHIP));
        assertEquals(List.of(), ofPages(new Manifest(List.of()), 0).parts());
    }

    @Test
    void pagesThatAreNotFullInTheMiddleAreNoManifest() {
        Manifest manifest = new Manifest(parts(Manifest.PARTS_PER_PAGE + 1));
        Manifest empty = new Manifest(List.of());
        assertThrows(MalformedMessageException.class, () -> ofPages(manifest, 1, 0));
        assertThrows(MalformedMessageException.class, () -> ofPages(manifest));
        assertThrows(
                MalformedMessageException.class,
                () -> Manifest.ofPages(
                        List.of(Manifest.Page.decode(manifest.page(0)), Manifest.Page.decode(empty.page(0)))));
    }

    @Test
    void eachPageLeadsToTheRootThatTheHeaderNames() {
        Manifest manifest = new Manifest(parts(5 * Manifest.PARTS_PER_PAGE));
        Digest root = manifest.header(7, 8, HISTORY, MEMBERSHIP).pagesRoot();
        for (int page = 0; page < 5; page++) {
            assertEquals(root, MerkleTree.rootOf(manifest.page(page), page, 5, manifest.path(page)));
        }
    }

    @Test
    void theHeaderCountsPartsAndBytes() {
        CheckpointHeader header = header(parts(150));
        assertEquals(150, header.partCount());
        assertEquals(99 * 100 / 2 + 49 * 50 / 2, header.sizeBytes());
        assertEquals(1, header.pageCount());
    }

    @Test
    void bytesBeyondTheIntegersAreCounted() {
        Part large = new Part(Part.Kind.APPLICATION, new byte[] {1}, 1, HISTORY, Integer.MAX_VALUE);
        assertEquals(
                3L * Integer.MAX_VALUE, header(List.of(large, large, large)).sizeBytes());
    }

    @Test
    void equalPartsHaveEqualHeaders() {
        assertEquals(header(parts(5000)), header(parts(5000)));
        assertEquals(header(parts(5000)).digest(), header(parts(5000)).digest());
    }

    @Test
    void everyFieldOfAPartShowsInTheRoot() {
        Part part = part(3);
        List<Part> others = List.of(
                new Part(Part.Kind.SESSIONS, part.id(), part.version(), part.digest(), part.sizeBytes()),
                new Part(part.kind(), new byte[] {9}, part.version(), part.digest(), part.sizeBytes()),
                new Part(part.kind(), part.id(), part.version() + 1, part.digest(), part.sizeBytes()),
                new Part(part.kind(), part.id(), part.version(), HISTORY, part.sizeBytes()),
                new Part(part.kind(), part.id(), part.version(), part.digest(), part.sizeBytes() + 1));
        Set<Digest> roots = new HashSet<>();
        roots.add(header(List.of(part)).pagesRoot());
        others.forEach(other -> roots.add(header(List.of(other)).pagesRoot()));
        assertEquals(6, roots.size());
    }

    @Test
    void theOrderOfPartsShowsInTheRoot() {
        assertNotEquals(
                header(List.of(part(1), part(2))).pagesRoot(),
                header(List.of(part(2), part(1))).pagesRoot());
    }

    @Test
    void everyFieldOfAHeaderShowsInItsDigest() {
        CheckpointHeader h = header(parts(10));
        Set<Digest> digests = new HashSet<>();
        digests.add(h.digest());
        for (CheckpointHeader other : List.of(
                new CheckpointHeader(
                        8,
                        h.agreedTimeMillis(),
                        HISTORY,
                        MEMBERSHIP,
                        h.pageCount(),
                        h.pagesRoot(),
                        h.partCount(),
                        h.sizeBytes()),
                new CheckpointHeader(
                        7, 9, HISTORY, MEMBERSHIP, h.pageCount(), h.pagesRoot(), h.partCount(), h.sizeBytes()),
                new CheckpointHeader(
                        7, 8, OTHER, MEMBERSHIP, h.pageCount(), h.pagesRoot(), h.partCount(), h.sizeBytes()),
                new CheckpointHeader(
                        7,
                        8,
                        HISTORY,
                        Cluster.initial(Members.of(5).membership(), 4),
                        h.pageCount(),
                        h.pagesRoot(),
                        h.partCount(),
                        h.sizeBytes()),
                new CheckpointHeader(7, 8, HISTORY, MEMBERSHIP, 2, h.pagesRoot(), h.partCount(), h.sizeBytes()),
                new CheckpointHeader(7, 8, HISTORY, MEMBERSHIP, h.pageCount(), HISTORY, h.partCount(), h.sizeBytes()),
                new CheckpointHeader(7, 8, HISTORY, MEMBERSHIP, h.pageCount(), h.pagesRoot(), 11, h.sizeBytes()),
                new CheckpointHeader(7, 8, HISTORY, MEMBERSHIP, h.pageCount(), h.pagesRoot(), h.partCount(), 1))) {
            digests.add(other.digest());
        }
        assertEquals(9, digests.size());
    }
}
