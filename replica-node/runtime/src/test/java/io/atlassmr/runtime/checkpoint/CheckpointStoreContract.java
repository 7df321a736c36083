package io.atlassmr.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.Application;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.checkpoint.CompactPage;
import io.atlassmr.protocol.checkpoint.Part;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.transfer.StateTransferEvent.MissingPart;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.execution.StateCapture;
import io.atlassmr.runtime.fixture.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store promises of any kind of state. */
abstract class CheckpointStoreContract {

    @TempDir
    Path directory;

    private Application state;
    private CheckpointScene scene;

    /** A state of several parts. */
    abstract Application newState();

    /** Changes a little of it. */
    abstract void change(Application state, int seed);

    /** All of it, to be compared. */
    abstract byte[] contents(Application state);

    @BeforeEach
    void open() throws IOException {
        state = newState();
        scene = new CheckpointScene(root("own"), state);
        scene.answer(1, 3);
        scene.answer(2, 8);
    }

    @AfterEach
    void close() {
        scene.store().close();
    }

    private Path root(String name) {
        return directory.resolve(name);
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> entries = Files.list(root("own"))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    private static String place(long sequenceNumber) {
        return String.format("%019d", sequenceNumber);
    }

    private List<Path> filesOf(long sequenceNumber) throws IOException {
        try (Stream<Path> files = Files.walk(root("own").resolve(place(sequenceNumber)))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Puts a checkpoint of this scene's store into a fresh state. */
    private byte[] restored(long sequenceNumber) throws IOException {
        Application fresh = newState();
        OrderedExecution execution = new OrderedExecution(
                fresh,
                new io.atlassmr.protocol.session.SessionTable(io.atlassmr.protocol.session.SessionLimits.defaults()),
                TestCluster.reconfiguration());
        execution.restore(scene.store().source(sequenceNumber));
        assertEquals(sequenceNumber, execution.lastExecuted());
        return contents(fresh);
    }

    @Test
    void aCheckpointIsReadBack() throws IOException {
        scene.saveStable(100);
        byte[] before = contents(state);
        change(state, 1);
        assertArrayEquals(before, restored(100));
    }

    @Test
    void whatAQuorumSignedIsFoundOnDisk() throws IOException {
        Certificate certificate = scene.saveStable(100);
        assertTrue(verified(certificate) > 0);
        Certificate other = CheckpointScene.certificate(100, Digest.ZERO);
        IOException thrown = assertThrows(IOException.class, () -> verified(other));
        assertEquals("the header is of another state than the quorum signed", thrown.getMessage());
    }

    @Test
    void whateverByteIsDamagedOnDiskIsFound() throws IOException {
        Certificate certificate = scene.saveStable(100);
        for (Path file : filesOf(100)) {
            if (file.endsWith("INDEX")) {
                // The divisible state's own list, which its parts do not depend on.
                continue;
            }
            byte[] sound = Files.readAllBytes(file);
            byte[] damaged = sound.clone();
            damaged[sound.length / 2] ^= 1;
            Files.write(file, damaged);
            assertThrows(IOException.class, () -> verified(certificate), file::toString);
            Files.write(file, sound);
        }
        assertTrue(verified(certificate) > 0);
    }

    private long verified(Certificate certificate) throws IOException {
        DivisibleState divisible = state.state() instanceof DivisibleState parts ? parts : null;
        return new CheckpointVerification(root("own"), "tests").verify(certificate, divisible);
    }

    @Test
    void equalStatesHaveEqualDigests() throws IOException {
        Digest first = scene.save(100).digest();
        CheckpointScene other = new CheckpointScene(root("other"), newState());
        other.answer(1, 3);
        other.answer(2, 8);
        assertEquals(first, other.save(100).digest());
        other.answer(2, 9);
        assertFalse(first.equals(other.save(100).digest()));
        other.store().close();
    }

    @Test
    void everyPartIsWhatTheManifestSays() throws IOException {
        scene.saveStable(100);
        CheckpointReader reader = scene.store().newest();
        assertTrue(reader.manifest().parts().size() > 2);
        for (Part part : reader.manifest().parts()) {
            assertEquals(part.digest(), io.atlassmr.crypto.hash.Sha256.of(reader.read(part)));
        }
    }

    @Test
    void onlyAStableCheckpointIsShown() throws IOException {
        Certificate certificate = scene.save(100);
        assertNull(scene.store().newest());
        assertNull(scene.store().at(100));
        scene.store().stable(certificate, 100);
        assertEquals(certificate, scene.store().newest().certificate());
        assertEquals(certificate.digest(), scene.store().at(100).header().digest());
    }

    @Test
    void aStableCheckpointRemovesTheOlderOnesAndThoseThatNobodySigned() throws IOException {
        Certificate first = scene.saveStable(100);
        scene.save(150);
        Certificate second = scene.save(200);
        scene.save(250);
        scene.store().stable(second, 100);
        assertEquals(List.of(place(100), place(200), place(250)), entries());
        assertEquals(first, scene.store().at(100).certificate());
        scene.store().stable(scene.save(300), 200);
        assertEquals(List.of(place(200), place(300)), entries());
        assertNull(scene.store().at(100));
    }

    @Test
    void whatIsNotHereCannotBeStableAndReplacesNothing() throws IOException {
        Certificate certificate = scene.saveStable(50);
        assertThrows(IOException.class, () -> scene.store().stable(CheckpointScene.certificate(100, Digest.ZERO), 100));
        assertEquals(certificate, scene.store().newest().certificate());
    }

    @Test
    void aRemovedCheckpointGivesNothingMore() throws IOException {
        scene.saveStable(100);
        CheckpointReader reader = scene.store().newest();
        change(state, 1);
        scene.saveStable(200);
        assertThrows(
                IOException.class, () -> reader.read(reader.manifest().parts().getFirst()));
        assertThrows(IOException.class, () -> scene.store().source(100));
    }

    @Test
    void afterARestartTheNewestSoundCheckpointIsFound() throws IOException {
        Certificate first = scene.saveStable(100);
        byte[] before = contents(state);
        change(state, 1);
        Certificate second = scene.save(200);
        scene.store().stable(second, 100);
        byte[] after = contents(state);
        scene.reopen();
        assertEquals(second, scene.store().recover(List.of(second, first)));
        assertArrayEquals(after, restored(200));
        assertFalse(java.util.Arrays.equals(before, after));
    }

    @Test
    void theOlderOnesStayInReserveUntilTheNextIsStable() throws IOException {
        Certificate first = scene.saveStable(100);
        Certificate second = scene.save(200);
        scene.store().stable(second, 100);
        for (int restart = 0; restart < 2; restart++) {
            scene.reopen();
            assertEquals(second, scene.store().recover(List.of(second, first)));
            assertEquals(List.of(place(100), place(200)), entries());
        }
        scene.store().stable(scene.save(300), 200);
        assertEquals(List.of(place(200), place(300)), entries());
    }

    @Test
    void withoutCertificatesNothingIsKept() throws IOException {
        scene.save(100);
        scene.reopen();
        assertNull(scene.store().recover(List.of()));
        assertEquals(List.of(), entries());
        assertNull(scene.store().newest());
    }

    @Test
    void aCertificateOfAnotherStateIsNoUse() throws IOException {
        scene.save(100);
        scene.reopen();
        assertNull(scene.store().recover(List.of(CheckpointScene.certificate(100, Digest.ZERO))));
        assertEquals(List.of(), entries());
    }

    @Test
    void aFlippedBitInAnyFileIsFoundAndTheOlderCheckpointServes() throws IOException {
        Certificate first = scene.saveStable(100);
        byte[] before = contents(state);
        change(state, 1);
        Certificate second = scene.save(200);
        scene.store().stable(second, 100);
        for (int file = 0; file < filesOf(200).size(); file++) {
            damage(filesOf(200).get(file));
            scene.reopen();
            assertEquals(first, scene.store().recover(List.of(second, first)), "file " + file);
            assertArrayEquals(before, restored(100));
            assertEquals(List.of(place(100)), entries());
            second = scene.save(200);
            scene.store().stable(second, 100);
        }
    }

    private static void damage(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        if (content.length == 0) {
            Files.write(file, new byte[] {1});
        } else {
            content[content.length / 2] ^= 4;
            Files.write(file, content);
        }
    }

    @Test
    void aMissingFileIsFoundAndNothingServes() throws IOException {
        Certificate certificate = scene.saveStable(100);
        for (int file = 0; file < filesOf(100).size(); file++) {
            Files.delete(filesOf(100).get(file));
            scene.reopen();
            assertNull(scene.store().recover(List.of(certificate)), "file " + file);
            assertEquals(List.of(), entries());
            certificate = scene.saveStable(100);
        }
    }

    @Test
    void aFileThatWasCutOffIsFound() throws IOException {
        Certificate certificate = scene.saveStable(100);
        for (int file = 0; file < filesOf(100).size(); file++) {
            Path cut = filesOf(100).get(file);
            byte[] content = Files.readAllBytes(cut);
            Files.write(cut, java.util.Arrays.copyOf(content, Math.max(0, content.length - 1)));
            scene.reopen();
            assertNull(scene.store().recover(List.of(certificate)), "file " + file);
            certificate = scene.saveStable(100);
        }
    }

    @Test
    void bytesAfterTheSessionsAreFound() throws IOException {
        Certificate certificate = scene.saveStable(100);
        Files.write(
                root("own").resolve(place(100)).resolve(CheckpointFiles.SESSIONS),
                new byte[] {1},
                StandardOpenOption.APPEND);
        scene.reopen();
        assertNull(scene.store().recover(List.of(certificate)));
    }

    @Test
    void whatACrashLeftHalfWrittenIsRemoved() throws IOException {
        Certificate certificate = scene.saveStable(100);
        Files.createDirectories(root("own").resolve("tmp-200/state"));
        Files.write(root("own").resolve("tmp-200/sessions.bin"), new byte[10]);
        scene.reopen();
        assertEquals(certificate, scene.store().recover(List.of(certificate)));
        assertEquals(List.of(place(100)), entries());
    }

    @Test
    void aCheckpointThatCannotBeWrittenLeavesNothing() throws IOException {
        StateCapture whole = scene.capture(100);
        StateCapture failing = new StateCapture(
                100,
                whole.agreedTimeMillis(),
                whole.historyDigest(),
                whole.reconfiguration(),
                whole.sessions(),
                new StateCapture.Monolithic(new io.atlassmr.api.MonolithicState.Image() {
                    @Override
                    public void writeTo(java.io.OutputStream output) throws IOException {
                        output.write(new byte[3 << 20]);
                        throw new IOException("No space left on device");
                    }

                    @Override
                    public void close() {}
                }));
        assertThrows(IOException.class, () -> scene.store().save(failing));
        assertEquals(List.of(), entries());
        assertEquals(scene.save(100).digest(), scene.save(100).digest());
        whole.close();
    }

    @Test
    void oneTakenLateDoesNotReplaceOneThatAQuorumSigned() throws IOException {
        CheckpointScene peer = new CheckpointScene(root("peer"), newState());
        change(state, 1);
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
        Application other = newState();
        change(other, 5);
        CheckpointScene peer = new CheckpointScene(root("peer"), other);
        peer.answer(4, 1);
        peerState = other;
        return peer;
    }

    private Application peerState;

    @Test
    void aGatheredCheckpointIsLikeAnOwnOne() throws IOException {
        CheckpointScene peer = changedPeer();
        Certificate certificate = transferred(peer, 700);
        assertEquals(List.of(place(700)), entries());
        assertEquals(certificate, scene.store().newest().certificate());
        assertArrayEquals(contents(peerState), restored(700));
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
        assertArrayEquals(contents(peerState), restored(200));
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
        change(peerState, 6);
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
        assertArrayEquals(contents(peerState), restored(300));
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
        assertArrayEquals(contents(peerState), restored(200));
        assertEquals(List.of(place(200)), entries());
        peer.store().close();
    }

    @Test
    void ofTheManifestOnlyWhatChangedHasToCome() throws IOException {
        scene.saveStable(100);
        assertEquals(100, scene.store().manifestKnownUpTo());
        CheckpointScene peer = new CheckpointScene(root("peer"), newState());
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
