package io.atlassmr.cli.cluster;

import io.atlassmr.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

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

    /** Adds the properties to a replica's configuration: of a key that comes twice, the last counts. */
    void appendTo(Path configuration) {
        String lines = properties.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(property -> property.getKey() + "=" + property.getValue() + "\n")
                .collect(Collectors.joining());
        try {
            Files.writeString(configuration, lines, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new CommandException("cannot write " + configuration + ": " + e, e);
        }
    }
}
