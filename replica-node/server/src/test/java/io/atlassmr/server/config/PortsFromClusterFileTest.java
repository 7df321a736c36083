package io.atlassmr.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterFile;
import io.atlassmr.server.cluster.TestCluster;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsFromClusterFileTest {

    @TempDir
    private Path directory;

    private final Map<String, String> properties = new HashMap<>();

    @Test
    void listensWhereTheClusterFileSays() throws Exception {
        ClusterDescription.Member self = member(1);

        assertEquals(String.valueOf(self.gatewayPort()), value("quarkus.http.port"));
        assertEquals(String.valueOf(self.adminPort()), value("quarkus.http.ssl-port"));
        assertEquals(String.valueOf(self.managementPort()), value("quarkus.management.port"));
    }

    @Test
    void listensOnTheBindHost() throws Exception {
        properties.put("atlas.bind-host", "127.0.0.1");

        assertEquals("127.0.0.1", value("quarkus.http.host"));
        assertEquals("127.0.0.1", value("quarkus.management.host"));
    }

    @Test
    void whatAPersonWroteIsStronger() throws Exception {
        ClusterDescription.Member _ = member(1);
        properties.put("quarkus.http.port", "1234");

        assertEquals("1234", value("quarkus.http.port"));
    }

    @Test
    void leavesWhatItCannotReadToOthers() {
        properties.put("atlas.cluster-file", directory.resolve("absent").toString());
        properties.put("atlas.replica-id", "1");

        assertNull(value("quarkus.http.port"));
    }

    private ClusterDescription.Member member(int id) throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 4)) {
            Path file = directory.resolve("cluster.json");
            Files.writeString(file, ClusterFile.format(cluster.description()));
            properties.put("atlas.cluster-file", file.toString());
            properties.put("atlas.replica-id", String.valueOf(id));
            return cluster.description().members().get(id);
        }
    }

    private String value(String key) {
        return new SmallRyeConfigBuilder()
                .withInterceptors(new PortsFromClusterFile())
                .withSources(new PropertiesConfigSource(properties, "test", 250))
                .build()
                .getConfigValue(key)
                .getValue();
    }
}
