package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Without a cluster file, as in mvn quarkus:dev: the process is a cluster. */
@QuarkusTest
@WithTestResource(DevelopmentClusterTest.Directory.class)
@Timeout(60)
class DevelopmentClusterTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static HttpResponse<String> call(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI at(String portKey, String path) {
        return URI.create("http://127.0.0.1:" + ConfigProvider.getConfig().getValue(portKey, Integer.class) + path);
    }

    @Test
    void fourReplicasInOneProcessServe() throws Exception {
        URI health = at("quarkus.management.test-port", "/q/health/ready");
        while (call(HttpRequest.newBuilder(health)).statusCode() != 200) {
            Thread.onSpinWait();
        }
        URI key = at("quarkus.http.test-port", "/v1/kv/hello");
        assertEquals(
                204,
                call(HttpRequest.newBuilder(key).PUT(HttpRequest.BodyPublishers.ofString("world")))
                        .statusCode());
        assertEquals("world", call(HttpRequest.newBuilder(key)).body());
        Path directory = Path.of(ConfigProvider.getConfig().getValue("atlas.development.directory", String.class));
        for (int id = 0; id < 4; id++) {
            assertTrue(Files.isDirectory(directory.resolve("replica-" + id).resolve("log")), "replica " + id);
        }
        assertEquals(
                4,
                new ObjectMapper()
                        .readTree(directory.resolve("cluster.json").toFile())
                        .path("members")
                        .size());
    }

    /** Where the cluster is. */
    public static final class Directory implements QuarkusTestResourceLifecycleManager {

        private static final int FIRST_BASE_PORT = 17_200;
        private static final int PORTS = 35;

        private Path temporary;

        @Override
        public Map<String, String> start() {
            try {
                temporary = Files.createTempDirectory("atlas-development");
                int basePort = freeBasePort();
                return Map.of(
                        "atlas.development.directory",
                        // Named as the clusters of other tests are: metrics of one process have one label.
                        temporary.resolve("test").toString(),
                        "atlas.development.base-port",
                        String.valueOf(basePort),
                        "quarkus.http.test-port",
                        String.valueOf(basePort + 4),
                        "quarkus.http.test-ssl-port",
                        String.valueOf(basePort + 2),
                        "quarkus.management.test-port",
                        String.valueOf(basePort + 3));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static int freeBasePort() {
            for (int base = FIRST_BASE_PORT; base < 30_000; base += PORTS) {
                if (areFree(base)) {
                    return base;
                }
            }
            throw new IllegalStateException("no free ports");
        }

        private static boolean areFree(int base) {
            for (int port = base; port < base + PORTS; port++) {
                try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                    socket.setReuseAddress(true);
                } catch (IOException e) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void stop() {
            try (Stream<Path> files = Files.walk(temporary)) {
                List<Path> deepestFirst =
                        files.sorted(Comparator.reverseOrder()).toList();
                for (Path file : deepestFirst) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
