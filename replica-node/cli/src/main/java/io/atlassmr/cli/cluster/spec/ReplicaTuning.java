package io.atlassmr.cli.cluster.spec;

import io.atlassmr.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the replicas of a cluster that lives for one command have otherwise than a cluster that stays.
 *
 * @param properties keys of their configuration, with values
 * @param jvmOptions more options for their JVMs; later ones win
 */
public record ReplicaTuning(Map<String, String> properties, List<String> jvmOptions) {

    /** Nothing. */
    public static final ReplicaTuning NONE = new ReplicaTuning(Map.of(), List.of());

    public ReplicaTuning {
        properties = Map.copyOf(properties);
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** Where the key-value application keeps its entries. */
    public enum KvState {
        /** On the heap, moved as one stream. */
        MEMORY,
        /** In RocksDB, moved in parts. */
        ROCKSDB;

        /** As options and configuration files spell it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A checkpoint each {@code checkpointInterval} decisions, of a state kept there. */
    public static ReplicaTuning of(KvState state, int checkpointInterval) {
        return new ReplicaTuning(
                Map.of(
                        "atlas.kv.state", state.toString(),
                        "atlas.checkpoint.interval", String.valueOf(checkpointInterval)),
                List.of());
    }

    /** The same with this for the heap of each replica. */
    public ReplicaTuning withHeapMebibytes(long mebibytes) {
        return new ReplicaTuning(properties, List.of("-Xmx" + mebibytes + "m"));
    }

    /** Sets the properties in a replica's configuration. */
    public void applyTo(Path configuration) {
        try {
            List<String> lines = new ArrayList<>(Files.readAllLines(configuration));
            lines.removeIf(line -> properties.keySet().stream().anyMatch(key -> line.startsWith(key + "=")));
            properties.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(property -> lines.add(property.getKey() + "=" + property.getValue()));
            Files.write(configuration, lines);
        } catch (IOException e) {
            throw new CommandException("cannot write " + configuration + ": " + e, e);
        }
    }
}
