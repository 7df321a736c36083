package io.atlassmr.simulation.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimulatedFilesTest {

    private static final byte[] CONTENT = new byte[10_000];

    private final SimulatedFiles files = new SimulatedFiles();

    private Path write(String directory) throws IOException {
        Path file =
                Files.createDirectories(files.checkpoints().resolve(directory)).resolve("state.bin");
        return Files.write(file, CONTENT);
    }

    @Test
    void aFullDiskTakesNothingUntilThereIsRoomAgain() throws IOException {
        write("16");
        files.setFull(true);

        assertThrows(IOException.class, () -> write("32"));

        files.setFull(false);
        assertEquals(CONTENT.length, Files.size(write("32")));
        assertTrue(files.wasFull());
    }

    @Test
    void damageIsOneBitOfTheNewestCheckpoint() throws IOException {
        Path older = write("0016");
        Path newest = write("0032");

        assertTrue(files.damageNewest(new SplittableRandom(1)));

        assertArrayEquals(CONTENT, Files.readAllBytes(older));
        int bits = 0;
        for (byte changed : Files.readAllBytes(newest)) {
            bits += Integer.bitCount(changed & 0xff);
        }
        assertEquals(1, bits);
    }

    @Test
    void withoutACheckpointThereIsNothingToDamage() throws IOException {
        write("transfer");

        assertFalse(files.damageNewest(new SplittableRandom(1)));
    }

    @Test
    void aPowerFailureCutsOnlyWhatIsBeingGathered() throws IOException {
        Path kept = write("0016");
        Path gathered = write("transfer");
        boolean cut = false;
        for (int seed = 0; seed < 20; seed++) {
            files.failPower(new SplittableRandom(seed));
            cut |= Files.size(gathered) < CONTENT.length;
        }

        assertTrue(cut);
        assertArrayEquals(CONTENT, Files.readAllBytes(kept));
    }

    @Test
    void nothingIsLeftAfterAWipe() throws IOException {
        write("0016");

        files.wipe();

        assertFalse(Files.exists(files.checkpoints()));
    }
}
