package io.atlassmr.server.config;

import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterFile;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.runtime.replica.GenesisMarker;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Configures replica 0 of a cluster for development, whose other replicas run in the same process, if
 * {@code atlas.development.directory} is set and {@code atlas.cluster-file} is not: as in {@code mvn quarkus:dev}. Makes the
 * cluster's files at the first start; they stay, so that a restart goes on where it was.
 */
public final class DevelopmentCluster implements ConfigSourceFactory {

    /** How many replicas there are. */
    public static final int SIZE = 4;

    private static final String DIRECTORY = "atlas.development.directory";
    private static final String BASE_PORT = "atlas.development.base-port";
    private static final String DEFAULT_BASE_PORT = "7200";
    private static final String HOST = "127.0.0.1";
    private static final String CLUSTER_FILE = "cluster.json";
    private static final int PORTS_APART = 10;
    /** Below those of what people write. */
    private static final int ORDINAL = 90;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        String directory = text(context, DIRECTORY, "");
        if (directory.isEmpty() || !text(context, "atlas.cluster-file", "").isEmpty()) {
            return List.of();
        }
        Path root = Path.of(directory).toAbsolutePath();
        try {
            if (!Files.exists(root.resolve(CLUSTER_FILE))) {
                make(root, Integer.parseInt(text(context, BASE_PORT, DEFAULT_BASE_PORT)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the cluster for development in " + root, e);
        }
        return List.of(new PropertiesConfigSource(
                Map.of(
                        "atlas.cluster-file",
                        root.resolve(CLUSTER_FILE).toString(),
                        "atlas.replica-id",
                        "0",
                        "atlas.identity-file",
                        identityFile(root, 0).toString(),
                        "atlas.db-path",
                        log(root, 0).toString(),
                        "atlas.durability",
                        "relaxed",
                        "atlas.bind-host",
                        HOST),
                "cluster for development in " + root,
                ORDINAL));
    }

    private static String text(ConfigSourceContext context, String name, String otherwise) {
        ConfigValue value = context.getValue(name);
        return value == null || value.getValue() == null ? otherwise : value.getValue();
    }

    private static void make(Path root, int basePort) throws IOException {
        List<ClusterDescription.Member> members = new ArrayList<>();
        for (int id = 0; id < SIZE; id++) {
            Files.createDirectories(identityFile(root, id).getParent());
            Ed25519Identity identity = Ed25519Identity.generate();
            identity.store(identityFile(root, id));
            new GenesisMarker(log(root, id)).create();
            int port = basePort + PORTS_APART * id;
            members.add(new ClusterDescription.Member(
                    id, identity.publicKey(), HOST, port, port + 1, port + 2, port + 3, port + 4));
        }
        Path written = root.resolve(CLUSTER_FILE + ".new");
        Files.writeString(
                written,
                ClusterFile.format(new ClusterDescription(root.getFileName().toString(), 1, members)));
        Files.move(written, root.resolve(CLUSTER_FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path identityFile(Path root, int id) {
        return root.resolve("replica-" + id).resolve("identity.pem");
    }

    private static Path log(Path root, int id) {
        return root.resolve("replica-" + id).resolve("log");
    }

    /** What another replica of the cluster in this directory is configured with; the rest is as for replica 0. */
    public static ReplicaSettings settings(AtlasConfig config, Path directory, int id) {
        Path root = directory.toAbsolutePath();
        return ReplicaSettings.of(AtlasConfigOverlay.of(
                config,
                Map.of(
                        "replicaId", id,
                        "identityFile", identityFile(root, id),
                        "dbPath", log(root, id))));
    }
}
