package io.atlassmr.server.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.client.cluster.ClusterFile;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.protocol.replica.ProtocolConfiguration;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.server.cluster.TestCluster;
import io.atlassmr.storage.StorageConfiguration;
import io.atlassmr.transport.configuration.TransportConfiguration;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {

    @TempDir
    private Path directory;

    private final Map<String, String> properties = new HashMap<>();
    private Ed25519Identity identity;

    @BeforeEach
    void writeWhatIsRequired() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 4)) {
            Files.writeString(directory.resolve("cluster.json"), ClusterFile.format(cluster.description()));
            identity = cluster.identity(2);
            identity.store(directory.resolve("identity.pem"));
        }
        properties.put("atlas.cluster-file", directory.resolve("cluster.json").toString());
        properties.put("atlas.replica-id", "2");
        properties.put("atlas.identity-file", directory.resolve("identity.pem").toString());
        properties.put("atlas.db-path", directory.resolve("log").toString());
    }

    @Test
    void whatIsNotSetHasTheDefaultsOfTheComponents() {
        ReplicaSettings settings = settings();

        assertEquals(2, settings.self().id());
        assertArrayEquals(identity.publicKey(), settings.keys().current().publicKey());
        assertEquals(
                ProtocolConfiguration.defaults(settings.replica().protocol().membership(), 2),
                settings.replica().protocol());
        assertEquals(SessionLimits.defaults(), settings.replica().sessions());
        assertEquals(TransportConfiguration.DEFAULT, settings.network().transport());
        assertEquals(StorageConfiguration.DEFAULT, settings.storage());
        assertEquals("0.0.0.0", settings.network().bindHost());
        assertEquals(new ListenerLimits(4096, 4096, 75_000), settings.gateway());
        assertEquals(new AdminSettings(Set.of(), 200, new ListenerLimits(512, 32, 10_000)), settings.admin());
    }

    @Test
    void theGatewayGetsAnIdentityOfItsOwnOnce() {
        Ed25519Identity made = settings().gatewayIdentity();

        assertFalse(made.key().equals(identity.key()));
        assertEquals(made.key(), settings().gatewayIdentity().key());
        assertTrue(Files.exists(directory.resolve("gateway.pem")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "atlas.replica-id                   | x       | atlas.replica-id is x; it may be a whole number",
                "atlas.replica-id                   | 9       | atlas.replica-id is 9; it may be 0, 1, 2, 3:",
                "atlas.durability                   | most    | atlas.durability is most; it may be one of",
                "atlas.next-sequence-number         | 0       | atlas.next-sequence-number is 0; it may be at least 1",
                "atlas.ordering.window              | 0       | atlas.ordering.window is 0; it may be 1 to 1024",
                "atlas.ordering.max-batch-requests  | 99999   | atlas.ordering.max-batch-requests is 99999; it may be 1 to 16384",
                "atlas.sessions.window              | 1       | atlas.sessions.window is 1; it may be 16 to 65536",
                "atlas.shutdown.grace-millis        | -1      | atlas.shutdown.grace-millis is -1; it may be 0 to 600000",
                "atlas.network.threads              | 0       | atlas.network.threads is 0; allowed is 1 to 64",
                "atlas.network.connect-timeout-millis | 0     | atlas.network.connect-timeout-millis is 0; allowed is 1 to 86400000",
                "atlas.network.native-transport     | maybe   | atlas.network.native-transport is maybe; it may be one of true, false",
                "atlas.storage.write-buffer-bytes   | 1       | atlas.storage.write-buffer-bytes is 1; allowed is 65536 to",
                "atlas.kv.state                     | paper   | atlas.kv.state is paper; it may be one of",
                "atlas.gateway.request-timeout-millis | 0     | atlas.gateway.request-timeout-millis is 0; it may be 1 to 600000",
                "atlas.gateway.max-connections      | 0       | atlas.gateway.max-connections is 0; it may be 1 to 1000000",
                "atlas.gateway.timeout-millis       | 99      | atlas.gateway.timeout-millis is 99; it may be 100 to 600000",
                "atlas.gateway.timeout-millis       | soon    | atlas.gateway.timeout-millis is soon; it may be a whole number",
                "atlas.admin.requests-per-second    | 0       | atlas.admin.requests-per-second is 0; it may be 1 to 1000000",
                "atlas.admin.max-connections        | -1      | atlas.admin.max-connections is -1; it may be 1 to 1000000",
                "atlas.admin.max-connections-per-caller | 0   | atlas.admin.max-connections-per-caller is 0; it may be 1 to 1000000",
                "atlas.admin.timeout-millis         | 99      | atlas.admin.timeout-millis is 99; it may be 100 to 600000",
                "atlas.admin.timeout-millis         | 600001  | atlas.admin.timeout-millis is 600001; it may be 100 to 600000",
                "atlas.admin.requests-per-second    | many    | atlas.admin.requests-per-second is many; it may be a whole number",
                "atlas.messaging.max-buffered-decisions | 0   | atlas.messaging.max-buffered-decisions is 0; it may be 1 to",
                "atlas.messaging.max-buffered-bytes | -1      | atlas.messaging.max-buffered-bytes is -1; it may be 1 to",
                "atlas.admin.clients                | 12ab    | atlas.admin.clients is 12ab; it may be a list of public keys",
                "atlas.cluster-file                 | /absent | atlas.cluster-file is /absent; it may be a readable file",
                "atlas.identity-file                | /absent | atlas.identity-file is /absent; it may be the private key",
                "atlas.bind-host                    | ''      | atlas.bind-host is empty; give it a value or leave it out",
                "atlas.odering.window               | 32      | atlas.odering.window in test is not a key of Atlas",
            })
    void aWrongValueIsNamedWithWhatItMayBe(String key, String value, String expected) {
        properties.put(key, value);

        String reason = reason();

        assertTrue(reason.startsWith("atlas cannot start: " + expected), reason);
        assertEquals(1, reason.lines().count());
    }

    @Test
    void everyMissingValueIsNamed() {
        properties.remove("atlas.db-path");
        properties.remove("atlas.identity-file");

        String reason = reason();

        assertTrue(reason.contains("atlas.db-path is not set; it is required"), reason);
        assertTrue(reason.contains("atlas.identity-file is not set; it is required"), reason);
    }

    @Test
    void aClusterFileThatIsNoneIsNamedWithItsFault() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken.json"), "{\"clusterId\": 7}");
        properties.put("atlas.cluster-file", broken.toString());

        assertTrue(reason().contains("atlas.cluster-file is not a cluster: " + broken), reason());
    }

    @Test
    void aFailureThatIsNotAboutTheConfigurationIsNotExplainedAway() {
        RuntimeException failure = new IllegalStateException("outer", new NullPointerException("inner"));

        assertFalse(StartFailure.isUnderstood(failure));
        assertEquals("atlas cannot start: java.lang.NullPointerException: inner", StartFailure.describe(failure));
    }

    private String reason() {
        Exception failure = assertThrows(Exception.class, this::settings);
        assertTrue(StartFailure.isUnderstood(failure), failure::toString);
        return StartFailure.describe(failure);
    }

    private ReplicaSettings settings() {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(AtlasConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 250))
                .build();
        return ReplicaSettings.of(config.getConfigMapping(AtlasConfig.class));
    }
}
