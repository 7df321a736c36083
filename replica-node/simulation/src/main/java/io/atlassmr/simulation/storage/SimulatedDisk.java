package io.atlassmr.simulation.storage;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The disk of one machine. A power failure keeps what was synced and, cut at a random byte, the journal of what was written
 * since; the crash of a process keeps all that was written.
 */
public final class SimulatedDisk {

    /** What a power failure did. */
    public record PowerFailure(int lostWrites, boolean torn) {}

    private final Map<RecordFamily, NavigableMap<Long, byte[]>> synced = emptyFamilies();
    private Map<RecordFamily, NavigableMap<Long, byte[]>> visible = emptyFamilies();
    private final List<List<LogWrite>> unsynced = new ArrayList<>();
    private boolean full;

    private static Map<RecordFamily, NavigableMap<Long, byte[]>> emptyFamilies() {
        Map<RecordFamily, NavigableMap<Long, byte[]>> families = new EnumMap<>(RecordFamily.class);
        for (RecordFamily family : RecordFamily.values()) {
            families.put(family, new TreeMap<>());
        }
        return families;
    }

    /** Whether writes fail for lack of space. */
    public void setFull(boolean full) {
        this.full = full;
    }

    void write(List<LogWrite> writes) throws IOException {
        requireRoom();
        List<LogWrite> group = List.copyOf(writes);
        apply(group, visible);
        unsynced.add(group);
    }

    void requireRoom() throws IOException {
        if (full) {
            throw new IOException("no space left on the device");
        }
    }

    void sync() {
        unsynced.forEach(group -> apply(group, synced));
        unsynced.clear();
    }

    byte[] read(RecordFamily family, long key) {
        return visible.get(family).get(key);
    }

    Map<Long, byte[]> from(RecordFamily family, long fromKey) {
        return visible.get(family).tailMap(fromKey, true);
    }

    /** Loses what was not synced, except for a random part of the journal. */
    public PowerFailure failPower(SplittableRandom random) {
        int written = unsynced.size();
        byte[] journal = Journal.encode(unsynced);
        int cutAt = random.nextInt(journal.length + 1);
        List<List<LogWrite>> survivors = Journal.decode(java.util.Arrays.copyOf(journal, cutAt));
        boolean torn = cutAt > Journal.encode(survivors).length;
        survivors.forEach(group -> apply(group, synced));
        unsynced.clear();
        visible = emptyFamilies();
        synced.forEach((family, records) -> visible.get(family).putAll(records));
        return new PowerFailure(written - survivors.size(), torn);
    }

    /** Loses everything. */
    public void wipe() {
        synced.values().forEach(NavigableMap::clear);
        visible.values().forEach(NavigableMap::clear);
        unsynced.clear();
    }

    /**
     * Changes one byte of a synced record of this family that is not the last, or of the last if it is alone.
     *
     * @return the key of the record, -1 if there is none
     */
    public long damage(RecordFamily family, SplittableRandom random) {
        sync();
        NavigableMap<Long, byte[]> records = synced.get(family);
        if (records.isEmpty()) {
            return -1;
        }
        List<Long> keys = List.copyOf(records.keySet());
        return damage(family, keys.get(random.nextInt(Math.max(1, keys.size() - 1))), random);
    }

    /**
     * Changes one byte of the last synced record of this family.
     *
     * @return the key of the record, -1 if there is none
     */
    public long damageLast(RecordFamily family, SplittableRandom random) {
        sync();
        return synced.get(family).isEmpty()
                ? -1
                : damage(family, synced.get(family).lastKey(), random);
    }

    private long damage(RecordFamily family, long key, SplittableRandom random) {
        byte[] damaged = synced.get(family).get(key).clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        synced.get(family).put(key, damaged);
        visible.get(family).computeIfPresent(key, (_, _) -> damaged);
        return key;
    }

    private static void apply(List<LogWrite> group, Map<RecordFamily, NavigableMap<Long, byte[]>> families) {
        for (LogWrite write : group) {
            NavigableMap<Long, byte[]> records = families.get(write.family());
            switch (write) {
                case LogWrite.Put put -> records.put(put.key(), put.value());
                case LogWrite.DeleteRange(RecordFamily _, long from, long to) -> {
                    if (from < to) {
                        records.subMap(from, true, to, false).clear();
                    }
                }
            }
        }
    }
}
