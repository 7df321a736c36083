package io.atlassmr.simulation;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.util.List;

/** Hands on what is written and read; those who plant a bug leave something out. */
abstract class ForwardingLog implements PersistentLog {
    private final PersistentLog log;

    ForwardingLog(PersistentLog log) {
        this.log = log;
    }

    @Override
    public void write(List<LogWrite> writes) throws IOException {
        log.write(writes);
    }

    @Override
    public void sync() throws IOException {
        log.sync();
    }

    @Override
    public byte[] read(RecordFamily family, long key) throws IOException {
        return log.read(family, key);
    }

    @Override
    public void scan(RecordFamily family, long fromKey, Visitor visitor) throws IOException {
        log.scan(family, fromKey, visitor);
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
