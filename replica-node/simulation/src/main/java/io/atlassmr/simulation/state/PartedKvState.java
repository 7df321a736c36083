package io.atlassmr.simulation.state;

import io.atlassmr.api.Change;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.ReplicatedState;
import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.InMemoryKvState;
import io.atlassmr.kv.KvState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A key-value state in memory that moves in parts, each with the keys of one hash: what the simulation divides. */
public final class PartedKvState implements KvState, DivisibleState {

    /** How many parts every image has. */
    public static final int PARTS = 24;

    private final long[] versions = new long[PARTS];
    private final boolean[] changed = new boolean[PARTS];
    private InMemoryKvState entries = new InMemoryKvState();

    @Override
    public Optional<Bytes> get(Bytes key) {
        return entries.get(key);
    }

    @Override
    public void put(Bytes key, Bytes value) {
        entries.put(key, value);
        changed[partOf(key)] = true;
    }

    @Override
    public boolean delete(Bytes key) {
        boolean wasThere = entries.delete(key);
        changed[partOf(key)] |= wasThere;
        return wasThere;
    }

    @Override
    public void apply(List<Change> changes) {
        entries.apply(changes);
        for (Change change : changes) {
            changed[partOf(Bytes.copyOf(change.key()))] = true;
        }
    }

    @Override
    public Snapshot snapshot() {
        return entries.snapshot();
    }

    private static int partOf(Bytes key) {
        return Math.floorMod(key.hashCode(), PARTS);
    }

    @Override
    public Cursor cursorAt(Bytes startKey) {
        return entries.cursorAt(startKey);
    }

    @Override
    public ReplicatedState replicatedState() {
        return this;
    }

    @Override
    public Image capture(long sequenceNumber) {
        for (int part = 0; part < PARTS; part++) {
            versions[part] = changed[part] ? sequenceNumber : versions[part];
            changed[part] = false;
        }
        Map<Integer, Map<Bytes, Bytes>> byPart = new TreeMap<>();
        try (Cursor cursor = entries.cursorAt(Bytes.EMPTY)) {
            while (cursor.advance()) {
                byPart.computeIfAbsent(partOf(cursor.key()), _ -> new TreeMap<>())
                        .put(cursor.key(), cursor.value());
            }
        }
        return PartFiles.captured(byPart, versions);
    }

    @Override
    public Image open(Path directory) throws IOException {
        return PartFiles.open(directory);
    }

    @Override
    public void restore(Path directory) throws IOException {
        PartFiles image = PartFiles.trusted(directory);
        InMemoryKvState restored = new InMemoryKvState();
        for (PartDescriptor part : image.parts()) {
            int number = PartFiles.number(part);
            PartFiles.decode(image.read(part), restored::put);
            versions[number] = part.version();
            changed[number] = false;
        }
        entries = restored;
    }

    @Override
    public Assembly assemble(Path directory) throws IOException {
        return new PartAssembly(directory);
    }

    @Override
    public void close() {
        entries.close();
    }
}
