package io.atlassmr.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.checkpoint.Part;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.runtime.execution.StateCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the store promises of checkpoints that are taken here, of any kind of state. */
abstract class CheckpointStoreContract extends CheckpointContract {

    CheckpointStoreContract(StateKind kind) {
        super(kind);
    }

    @Test
    void aCheckpointIsReadBack() throws IOException {
        scene.saveStable(100);
        byte[] before = kind.contents(state);
        kind.change(state, 1);
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
        CheckpointScene other = new CheckpointScene(root("other"), kind.newState());
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
        kind.change(state, 1);
        scene.saveStable(200);
        assertThrows(
                IOException.class, () -> reader.read(reader.manifest().parts().getFirst()));
        assertThrows(IOException.class, () -> scene.store().source(100));
    }

    @Test
    void afterARestartTheNewestSoundCheckpointIsFound() throws IOException {
        Certificate first = scene.saveStable(100);
        byte[] before = kind.contents(state);
        kind.change(state, 1);
        Certificate second = scene.save(200);
        scene.store().stable(second, 100);
        byte[] after = kind.contents(state);
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
        byte[] before = kind.contents(state);
        kind.change(state, 1);
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
}
