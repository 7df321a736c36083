package io.atlassmr.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.Application;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.checkpoint.CompactPage;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.transfer.StateTransferEvent.MissingPart;
import io.atlassmr.runtime.execution.StateCapture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the store promises of checkpoints that are fetched from a peer, of any kind of state. */
abstract class CheckpointTransferContract extends CheckpointContract {

    private Application peerState;

    CheckpointTransferContract(StateKind kind) {
        super(kind);
    }

    @Test
    void oneTakenLateDoesNotReplaceOneThatAQuorumSigned() throws IOException {
        CheckpointScene peer = new CheckpointScene(root("peer"), kind.newState());
        kind.change(state, 1);
        StateCapture own = scene.capture(100);
        Certificate certificate = transferred(peer, 100);
        Digest taken = scene.store().save(own);
        own.close();
        assertFalse(taken.equals(certificate.digest()));
        assertEquals(certificate.digest(), scene.store().newest().header().digest());
        assertNotNull(scene.store().source(100));
        assertEquals(List.of(place(100)), entries());
        peer.store().close();
    }

    /** Fetches a peer's checkpoint, whole. */
    private Certificate transferred(CheckpointScene peer, long sequenceNumber) throws IOException {
        Certificate certificate = peer.saveStable(sequenceNumber);
        CheckpointReader from = peer.store().newest();
        try (Staging staging = scene.store().stage(from.header())) {
            CheckpointScene.givePages(from, staging);
            for (MissingPart part : staging.missing()) {
                CheckpointScene.givePart(from, staging, part.index());
            }
            scene.store().adopt(staging, certificate);
        }
        return certificate;
    }

    private CheckpointScene changedPeer() throws IOException {
        Application other = kind.newState();
        kind.change(other, 5);
        CheckpointScene peer = new CheckpointScene(root("peer"), other);
        peer.answer(4, 1);
        peerState = other;
        return peer;
    }

    @Test
    void aGatheredCheckpointIsLikeAnOwnOne() throws IOException {
        CheckpointScene peer = changedPeer();
        Certificate certificate = transferred(peer, 700);
        assertEquals(List.of(place(700)), entries());
        assertEquals(certificate, scene.store().newest().certificate());
        assertArrayEquals(kind.contents(peerState), restored(700));
        scene.reopen();
        assertEquals(certificate, scene.store().recover(List.of(certificate)));
        peer.store().close();
    }

    @Test
    void whatTheNewestOwnCheckpointHasIsNotMissing() throws IOException {
        scene.saveStable(100);
        CheckpointScene peer = changedPeer();
        peer.saveStable(200);
        CheckpointReader from = peer.store().newest();
        try (Staging staging = scene.store().stage(from.header())) {
            CheckpointScene.givePages(from, staging);
            int missing = staging.missing().size();
            assertTrue(missing > 0);
            assertTrue(missing < from.header().partCount(), missing + " parts are missing");
        }
        peer.store().close();
    }

    @Test
    void aDamagedOwnCheckpointMakesItsPartsMissing() throws IOException {
        scene.saveStable(100);
        try (Stream<Path> files = Files.walk(root("own"))) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    Files.write(file, new byte[0]);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        CheckpointScene peer = changedPeer();
        peer.saveStable(200);
        CheckpointReader from = peer.store().newest();
        try (Staging staging = scene.store().stage(from.header())) {
            CheckpointScene.givePages(from, staging);
            assertEquals(from.header().partCount(), staging.missing().size());
        }
        peer.store().close();
    }

    @Test
    void anInterruptedTransferGoesOnWhereItWas() throws IOException {
        CheckpointScene peer = changedPeer();
        Certificate certificate = peer.saveStable(200);
        CheckpointReader from = peer.store().newest();
        List<Integer> all =
                IntStream.range(0, from.header().partCount()).boxed().toList();
        try (Staging staging = scene.store().stage(from.header())) {
            CheckpointScene.givePages(from, staging);
            assertEquals(all, staging.missing().stream().map(MissingPart::index).toList());
            CheckpointScene.givePart(from, staging, 0);
            CheckpointScene.givePart(from, staging, 2);
            staging.sync();
        }
        scene.reopen();
        assertNull(scene.store().recover(List.of()));
        try (Staging staging = scene.store().stage(from.header())) {
            CheckpointScene.givePages(from, staging);
            List<MissingPart> missing = staging.missing();
            assertEquals(
                    all.stream().filter(i -> i != 0 && i != 2).toList(),
                    missing.stream().map(MissingPart::index).toList());
            for (MissingPart part : missing) {
                CheckpointScene.givePart(from, staging, part.index());
            }
            scene.store().adopt(staging, certificate);
        }
        assertArrayEquals(kind.contents(peerState), restored(200));
        peer.store().close();
    }

    @Test
    void whatIsLeftOfAnotherCheckpointIsUsedWhereItFitsAndForgottenWhereNot() throws IOException {
        CheckpointScene peer = changedPeer();
        peer.saveStable(200);
        CheckpointReader older = peer.store().newest();
        try (Staging staging = scene.store().stage(older.header())) {
            CheckpointScene.givePages(older, staging);
            for (MissingPart part : staging.missing()) {
                CheckpointScene.givePart(older, staging, part.index());
            }
        }
        kind.change(peerState, 6);
        Certificate certificate = peer.saveStable(300);
        CheckpointReader from = peer.store().newest();
        try (Staging staging = scene.store().stage(from.header())) {
            CheckpointScene.givePages(from, staging);
            List<MissingPart> missing = staging.missing();
            assertTrue(missing.size() < from.header().partCount(), missing.size() + " parts are missing");
            for (MissingPart part : missing) {
                CheckpointScene.givePart(from, staging, part.index());
            }
            scene.store().adopt(staging, certificate);
        }
        assertArrayEquals(kind.contents(peerState), restored(300));
        scene.reopen();
        assertEquals(certificate, scene.store().recover(List.of(certificate)));
        peer.store().close();
    }

    @Test
    void aWrongPageIsRefused() throws IOException {
        CheckpointScene peer = changedPeer();
        peer.saveStable(200);
        CheckpointReader from = peer.store().newest();
        try (Staging staging = scene.store().stage(from.header())) {
            byte[] page = from.manifest().page(0).clone();
            page[page.length / 2] ^= 1;
            assertEquals("page 0 is not the certificate's", staging.addPage(0, page, List.of()));
            assertNotNull(staging.addPage(1, from.manifest().page(0), List.of()));
            assertNotNull(staging.addPage(-1, from.manifest().page(0), List.of()));
            assertNotNull(staging.addPage(Integer.MIN_VALUE, new byte[0], List.of()));
            assertNotNull(staging.addPage(0, from.manifest().page(0), List.of(Digest.ZERO)));
            assertFalse(staging.hasManifest());
            assertNull(staging.addPage(0, from.manifest().page(0), List.of()));
            assertTrue(staging.hasManifest());
        }
        peer.store().close();
    }

    @Test
    void aWrongPartIsRefusedAndNothingOfItKept() throws IOException {
        CheckpointScene peer = changedPeer();
        peer.saveStable(200);
        CheckpointReader from = peer.store().newest();
        int missing;
        try (Staging staging = scene.store().stage(from.header())) {
            byte[] part = from.read(from.manifest().parts().getFirst());
            assertEquals("part 0 was not asked for", CheckpointScene.givePart(staging, 0, part));
            CheckpointScene.givePages(from, staging);
            missing = staging.missing().size();
            assertEquals(List.of(), staging.missing());
            byte[] wrong = part.clone();
            wrong[0] ^= 1;
            assertEquals("part 0 is not the certificate's", CheckpointScene.givePart(staging, 0, wrong));
            assertNotNull(CheckpointScene.givePart(staging, 0, new byte[0]));
            assertNotNull(CheckpointScene.givePart(staging, 0, java.util.Arrays.copyOf(part, part.length + 1)));
            assertNotNull(CheckpointScene.givePart(staging, -1, part));
            assertNotNull(CheckpointScene.givePart(staging, from.header().partCount(), part));
        }
        try (Staging staging = scene.store().stage(from.header())) {
            CheckpointScene.givePages(from, staging);
            assertEquals(missing, staging.missing().size());
        }
        peer.store().close();
    }

    @Test
    void aTransferThatIsNotCompleteCannotBeAdopted() throws IOException {
        CheckpointScene peer = changedPeer();
        Certificate certificate = peer.saveStable(200);
        CheckpointReader from = peer.store().newest();
        try (Staging staging = scene.store().stage(from.header())) {
            CheckpointScene.givePages(from, staging);
            assertFalse(staging.missing().isEmpty());
            CheckpointScene.givePart(from, staging, 0);
            assertThrows(IOException.class, () -> scene.store().adopt(staging, certificate));
        }
        assertNull(scene.store().at(200));
        assertEquals(List.of("transfer"), entries());
        peer.store().close();
    }

    @Test
    void whatWasFetchedAndNotRecordedBeforeACrashIsNotFetchedAgain() throws IOException {
        CheckpointScene peer = changedPeer();
        Certificate certificate = transferred(peer, 200);
        CheckpointReader from = peer.store().newest();
        scene.reopen();
        assertNull(scene.store().recover(List.of()));
        assertNull(scene.store().newest());
        assertEquals(200, scene.store().manifestKnownUpTo());
        try (Staging staging = scene.store().stage(from.header())) {
            CompactPage page = CompactPage.of(from.manifest().partsOf(0), 200);
            assertEquals(0, page.changed().size());
            assertEquals(
                    Staging.Compact.STORED,
                    staging.addPage(3, 0, page, from.manifest().path(0)));
            assertEquals(List.of(), staging.missing());
            scene.store().adopt(staging, certificate);
        }
        assertArrayEquals(kind.contents(peerState), restored(200));
        assertEquals(List.of(place(200)), entries());
        peer.store().close();
    }

    @Test
    void ofTheManifestOnlyWhatChangedHasToCome() throws IOException {
        scene.saveStable(100);
        assertEquals(100, scene.store().manifestKnownUpTo());
        CheckpointScene peer = new CheckpointScene(root("peer"), kind.newState());
        peer.answer(1, 3);
        peer.answer(2, 8);
        peer.saveStable(100);
        peer.answer(2, 9);
        peer.saveStable(200);
        CheckpointReader from = peer.store().newest();
        try (Staging staging = scene.store().stage(from.header())) {
            CompactPage page = CompactPage.of(from.manifest().partsOf(0), 100);
            assertEquals(
                    Staging.Compact.STORED,
                    staging.addPage(3, 0, page, from.manifest().path(0)));
            assertTrue(staging.hasManifest());
        }
        peer.store().close();
    }

    @Test
    void aPageInShortThatDoesNotLeadToTheCertificatesIsHadInFull() throws IOException {
        CheckpointScene peer = changedPeer();
        peer.saveStable(200);
        CheckpointReader from = peer.store().newest();
        scene.saveStable(100);
        try (Staging staging = scene.store().stage(from.header())) {
            CompactPage lie = CompactPage.of(from.manifest().partsOf(0), Long.MAX_VALUE);
            List<Digest> path = from.manifest().path(0);
            assertEquals(Staging.Compact.UNRESOLVED, staging.addPage(3, 0, lie, path));
            assertEquals(0, scene.store().manifestKnownUpTo());
            assertEquals(Staging.Compact.REFUSED, staging.addPage(3, 0, lie, path));
            assertEquals(Staging.Compact.UNRESOLVED, staging.addPage(2, 0, lie, path));
            assertFalse(staging.hasManifest());
            CheckpointScene.givePages(from, staging);
            assertTrue(staging.hasManifest());
        }
        peer.store().close();
    }
}
