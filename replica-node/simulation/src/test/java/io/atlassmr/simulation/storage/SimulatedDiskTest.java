package io.atlassmr.simulation.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimulatedDiskTest {

    private static final int GROUPS = 10;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final SimulatedLog log = new SimulatedLog(disk);

    @Test
    void whatWasSyncedSurvivesAPowerFailure() throws IOException {
        log.write(List.of(put(1, 7)));
        log.sync();

        disk.failPower(new SplittableRandom(1));

        assertArrayEquals(new byte[] {7}, log.read(RecordFamily.VOTES, 1));
    }

    @Test
    void ofWhatWasNotSyncedAPrefixOfWholeGroupsSurvives() throws IOException {
        boolean torn = false;
        boolean[] lengths = new boolean[GROUPS + 1];
        for (int seed = 0; seed < 200; seed++) {
            SimulatedDisk fresh = new SimulatedDisk();
            SimulatedLog freshLog = new SimulatedLog(fresh);
            for (int i = 0; i < GROUPS; i++) {
                freshLog.write(List.of(put(2L * i, i), put(2L * i + 1, i)));
            }

            SimulatedDisk.PowerFailure failure = fresh.failPower(new SplittableRandom(seed));

            int survivors = 0;
            while (freshLog.read(RecordFamily.VOTES, 2L * survivors + 1) != null) {
                survivors++;
            }
            int[] records = {0};
            freshLog.scan(RecordFamily.VOTES, 0, (_, _) -> {
                records[0]++;
                return true;
            });
            assertEquals(2 * survivors, records[0]);
            assertEquals(GROUPS - survivors, failure.lostWrites());
            lengths[survivors] = true;
            torn |= failure.torn();
        }
        assertTrue(torn);
        for (int i = 0; i < GROUPS; i++) {
            assertTrue(lengths[i], "no failure left " + i + " groups");
        }
    }

    @Test
    void aDamagedRecordDiffersInOneBit() throws IOException {
        log.write(List.of(put(1, 1), put(2, 2), put(3, 3)));

        assertEquals(3, disk.damageLast(RecordFamily.VOTES, new SplittableRandom(1)));

        assertEquals(1, Integer.bitCount((log.read(RecordFamily.VOTES, 3)[0] ^ 3) & 0xff));
        assertArrayEquals(new byte[] {1}, log.read(RecordFamily.VOTES, 1));
    }

    @Test
    void damageInTheMiddleLeavesTheLastRecordAlone() throws IOException {
        log.write(List.of(put(1, 1), put(2, 2), put(3, 3)));

        for (int seed = 0; seed < 20; seed++) {
            assertTrue(disk.damage(RecordFamily.VOTES, new SplittableRandom(seed)) < 3);
        }
        assertArrayEquals(new byte[] {3}, log.read(RecordFamily.VOTES, 3));
    }

    @Test
    void nothingIsLeftOnAWipedDisk() throws IOException {
        log.write(List.of(put(1, 1)));
        log.sync();
        log.write(List.of(put(2, 2)));

        disk.wipe();

        log.scan(RecordFamily.VOTES, 0, (key, _) -> fail("record " + key + " is there"));
        assertEquals(-1, disk.damageLast(RecordFamily.VOTES, new SplittableRandom(1)));
    }

    @Test
    void aDeletedRangeIsGone() throws IOException {
        log.write(List.of(put(1, 1), put(2, 2), put(3, 3)));

        log.write(List.of(new LogWrite.DeleteRange(RecordFamily.VOTES, 1, 3)));

        assertEquals(null, log.read(RecordFamily.VOTES, 2));
        assertArrayEquals(new byte[] {3}, log.read(RecordFamily.VOTES, 3));
    }

    @Test
    void aFullDiskTakesNothing() {
        disk.setFull(true);

        assertThrows(IOException.class, () -> log.write(List.of(put(1, 1))));
    }

    private static LogWrite put(long key, int value) {
        return new LogWrite.Put(RecordFamily.VOTES, key, new byte[] {(byte) value});
    }
}
