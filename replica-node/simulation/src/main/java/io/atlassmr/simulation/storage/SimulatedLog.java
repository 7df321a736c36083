package io.atlassmr.simulation.storage;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A {@link SimulatedDisk} as one process sees it. */
public final class SimulatedLog implements PersistentLog {

    private final SimulatedDisk disk;

    public SimulatedLog(SimulatedDisk disk) {
        this.disk = disk;
    }

    @Override
    public void write(List<LogWrite> writes) throws IOException {
        disk.write(writes);
    }

    @Override
    public void sync() {
        disk.sync();
    }

    @Override
    public byte[] read(RecordFamily family, long key) {
        return disk.read(family, key);
    }

    @Override
    public void scan(RecordFamily family, long fromKey, Visitor visitor) {
        for (Map.Entry<Long, byte[]> record : disk.from(family, fromKey).entrySet()) {
            if (!visitor.visit(record.getKey(), record.getValue())) {
                return;
            }
        }
    }

    @Override
    public void recover() throws IOException {
        disk.requireRoom();
    }

    @Override
    public void close() {
        sync();
    }
}
