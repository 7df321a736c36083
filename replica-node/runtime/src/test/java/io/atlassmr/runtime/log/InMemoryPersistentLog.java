package io.atlassmr.runtime.log;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.runtime.port.RecordFamily;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A log that lasts as long as the object, closed or not, and lets a test see and change what is stored. */
public final class InMemoryPersistentLog implements PersistentLog {

    private final Map<RecordFamily, NavigableMap<Long, byte[]>> families = new EnumMap<>(RecordFamily.class);
    private int syncs;

    public InMemoryPersistentLog() {
        for (RecordFamily family : RecordFamily.values()) {
            families.put(family, new ConcurrentSkipListMap<>());
        }
    }

    /** The stored records of a family; changes to it change the log. */
    NavigableMap<Long, byte[]> family(RecordFamily family) {
        return families.get(family);
    }

    int syncs() {
        return syncs;
    }

    @Override
    public void write(List<LogWrite> writes) {
        for (LogWrite write : writes) {
            NavigableMap<Long, byte[]> family = families.get(write.family());
            switch (write) {
                case LogWrite.Put put -> family.put(put.key(), put.value());
                case LogWrite.DeleteRange range ->
                    family.subMap(range.fromKey(), range.toKey()).clear();
            }
        }
    }

    @Override
    public void sync() {
        syncs++;
    }

    @Override
    public byte[] read(RecordFamily family, long key) {
        return families.get(family).get(key);
    }

    @Override
    public void scan(RecordFamily family, long fromKey, Visitor visitor) {
        NavigableMap<Long, byte[]> records = families.get(family).tailMap(fromKey, true);
        for (Map.Entry<Long, byte[]> entry : new ArrayList<>(records.entrySet())) {
            if (!visitor.visit(entry.getKey(), entry.getValue())) {
                return;
            }
        }
    }

    @Override
    public void close() {}
}
