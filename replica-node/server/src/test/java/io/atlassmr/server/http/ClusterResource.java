package io.atlassmr.server.http;

import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterFile;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.runtime.replica.GenesisMarker;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.server.cluster.TestCluster;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A cluster whose replica 0 is the application under test; the other replicas run beside it. */
public class ClusterResource implements QuarkusTestResourceLifecycleManager {

    /** How many other replicas run, as text; all by default. */
    static final String PEERS = "peers";

    /** Names the directory with {@link #ADMIN_FILE} and the replicas' identities. */
    static final String DIRECTORY_KEY = "test.directory";

    static final String ADMIN_FILE = "admin.pem";

    private static final int SIZE = 4;

    private int peers = SIZE - 1;
    private Path directory;
    private TestCluster cluster;

    @Override
    public void init(Map<String, String> arguments) {
        peers = Integer.parseInt(arguments.getOrDefault(PEERS, String.valueOf(peers)));
    }

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("atlas-server-test");
            cluster = new TestCluster(directory, SIZE);
            for (int id = 1; id <= peers; id++) {
                cluster.start(id);
            }
            return configuration();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BootstrapException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, String> configuration() throws IOException {
        Path log = directory.resolve("log-0");
        new GenesisMarker(log).create();
        Path file = directory.resolve("cluster.json");
        Files.writeString(file, ClusterFile.format(cluster.description()));
        for (int id = 0; id < SIZE; id++) {
            cluster.identity(id).store(directory.resolve("replica-" + id + ".pem"));
        }
        Ed25519Identity admin = Ed25519Identity.generate();
        admin.store(directory.resolve(ADMIN_FILE));
        ClusterDescription.Member self = cluster.description().members().getFirst();
        return Map.ofEntries(
                Map.entry("atlas.cluster-file", file.toString()),
                Map.entry("atlas.replica-id", "0"),
                Map.entry("atlas.bind-host", "127.0.0.1"),
                Map.entry(
                        "atlas.identity-file",
                        directory.resolve("replica-0.pem").toString()),
                Map.entry("atlas.db-path", log.toString()),
                Map.entry(
                        "atlas.checkpoint.path",
                        directory.resolve("checkpoints-0").toString()),
                Map.entry("atlas.admin.clients", admin.key().toHex()),
                Map.entry("atlas.gateway.request-timeout-millis", peers == SIZE - 1 ? "30000" : "1000"),
                Map.entry("atlas.shutdown.grace-millis", "1000"),
                Map.entry("quarkus.http.test-port", String.valueOf(self.gatewayPort())),
                Map.entry("quarkus.http.test-ssl-port", String.valueOf(self.adminPort())),
                Map.entry("quarkus.management.test-port", String.valueOf(self.managementPort())),
                Map.entry(DIRECTORY_KEY, directory.toString()));
    }

    @Override
    public void stop() {
        if (cluster != null) {
            cluster.close();
        }
        deleteAll(directory);
    }

    private static void deleteAll(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
