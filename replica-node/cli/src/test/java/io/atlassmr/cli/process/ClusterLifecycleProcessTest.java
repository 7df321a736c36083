package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.cluster.process.PortCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of real processes through its life, by the commands that a person types. One step builds on the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterLifecycleProcessTest {

    @TempDir
    static Path directory;

    private int basePort;

    @BeforeAll
    void choosePorts() {
        basePort = PortCheck.freeBasePort(4, RandomGenerator.getDefault()).orElseThrow();
    }

    @AfterAll
    void down() {
        atlas("down");
    }

    private AtlasRun atlas(String... command) {
        List<String> words = new ArrayList<>(Arrays.asList(command));
        words.addAll(List.of("--dir", directory.resolve("cluster").toString(), "--json"));
        return AtlasRun.of(words.toArray(String[]::new));
    }

    private JsonNode done(String... command) {
        AtlasRun run = atlas(command);
        assertEquals(0, run.exitCode(), run::toString);
        return run.json();
    }

    private JsonNode replica(int id) {
        return done("status").get("replicas").get(id);
    }

    @Test
    @Order(1)
    void aTakenPortIsNamedWithWhoNeedsItBeforeAnythingIsMade() throws IOException {
        try (ServerSocket taken = new ServerSocket(basePort + 21, 1, InetAddress.getLoopbackAddress())) {
            AtlasRun run = atlas("up", "--base-port", String.valueOf(basePort));
            assertEquals(1, run.exitCode(), run::toString);
            assertTrue(
                    run.err().contains("port " + taken.getLocalPort() + ", which replica 2 needs as its client port"),
                    run::toString);
        }
        assertEquals(1, atlas("status").exitCode(), "a cluster was made all the same");
    }

    @Test
    @Order(2)
    void upStartsAllReplicas() {
        JsonNode up = done("up", "--base-port", String.valueOf(basePort));
        assertEquals("[0,1,2,3]", up.get("started").toString());
        JsonNode status = done("status");
        for (JsonNode replica : status.get("replicas")) {
            assertEquals("READY", replica.get("state").asText(), status::toString);
            assertEquals(
                    up.get("members").get(replica.get("id").asInt()).get("pid"), replica.get("pid"), status::toString);
        }
    }

    @Test
    @Order(3)
    void upOfARunningClusterIsFine() {
        assertEquals("[]", done("up").get("started").toString());
    }

    /** In the process as it is packaged, too: a connection is seen before it says anything. */
    @Test
    @Order(4)
    @Timeout(60)
    void connectionsToTheHttpPortsAreWatched() throws IOException, InterruptedException {
        JsonNode ports = done("status").get("replicas").get(1).get("ports");
        for (String port : List.of("gateway", "admin")) {
            try (Socket silent =
                    new Socket(InetAddress.getLoopbackAddress(), ports.get(port).asInt())) {
                assertTrue(silent.isConnected());
                Pattern counted = Pattern.compile("(?m)^atlas_http_connections\\{.*port=\"" + port + "\".*} [1-9]");
                while (!counted.matcher(metrics(ports.get("management").asInt()))
                        .find()) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static String metrics(int port) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/metrics"))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    @Order(5)
    void theStoreKeepsWhatIsPut() {
        assertTrue(done("kv", "put", "fruit/apple", "red").get("stored").asBoolean());
        assertEquals("red", done("kv", "get", "fruit/apple").get("value").asText());
        assertTrue(done("kv", "cas", "fruit/apple", "green", "--expect", "red")
                .get("swapped")
                .asBoolean());
        assertTrue(done("kv", "cas", "fruit/pear", "yellow", "--absent")
                .get("swapped")
                .asBoolean());
        JsonNode page = done("kv", "scan", "--prefix", "fruit/");
        assertEquals(
                "[{\"key\":\"fruit/apple\",\"value\":\"green\"},{\"key\":\"fruit/pear\",\"value\":\"yellow\"}]",
                page.get("entries").toString());
        assertTrue(done("kv", "scan", "--prefix", "fruit/", "--limit", "1")
                .get("more")
                .asBoolean());
        assertTrue(done("kv", "delete", "fruit/pear").get("deleted").asBoolean());
        assertFalse(done("kv", "delete", "fruit/pear").get("deleted").asBoolean());
    }

    @Test
    @Order(6)
    void whatIsNotThereOrNotExpectedShowsInTheExitCode() {
        AtlasRun missing = atlas("kv", "get", "no/such/key");
        assertEquals(1, missing.exitCode());
        assertFalse(missing.json().get("found").asBoolean(true));
        AtlasRun unexpected = atlas("kv", "cas", "fruit/apple", "blue", "--expect", "red");
        assertEquals(1, unexpected.exitCode());
        assertEquals("green", unexpected.json().get("value").asText());
    }

    @Test
    @Order(7)
    void theClusterServesWithoutItsLeader() {
        int leader = replica(0).get("leader").asInt();
        assertTrue(
                done("replica", "kill", String.valueOf(leader)).get("changed").asBoolean());
        assertFalse(
                done("replica", "kill", String.valueOf(leader)).get("changed").asBoolean());
        assertEquals("DOWN", replica(leader).get("state").asText());
        done("kv", "put", "while", "leader is dead");
        int other = (leader + 1) % 4;
        assertNotEquals(leader, replica(other).get("leader").asInt());
        assertTrue(
                done("replica", "start", String.valueOf(leader)).get("changed").asBoolean());
        assertFalse(
                done("replica", "start", String.valueOf(leader)).get("changed").asBoolean());
        assertEquals("READY", replica(leader).get("state").asText());
    }

    @Test
    @Order(8)
    void aReplicaStopsInGoodOrderAndUpStartsItAgain() {
        assertTrue(done("replica", "stop", "1").get("changed").asBoolean());
        assertFalse(done("replica", "stop", "1").get("changed").asBoolean());
        assertEquals("leader is dead", done("kv", "get", "while").get("value").asText());
        assertEquals("[1]", done("up").get("started").toString());
    }

    @Test
    @Order(9)
    void benchMeasuresTheRunningCluster() {
        JsonNode report = done(
                "bench",
                "--clients",
                "2",
                "--outstanding",
                "8",
                "--payload-bytes",
                "16",
                "--read-percent",
                "50",
                "--warm-up-seconds",
                "1",
                "--seconds",
                "3");
        assertTrue(report.get("completed").asLong() > 0, report::toString);
        assertEquals("{}", report.get("errors").toString());
        assertEquals(4, report.get("cpuSeconds").size());
        assertTrue(report.get("networkBytesPerRequest").asDouble() > 0, report::toString);
        assertTrue(report.get("syncsPerRequest").asDouble() > 0, report::toString);
    }

    @Test
    @Order(10)
    void whatWasWrittenIsThereAfterDownAndUp() {
        JsonNode before = replica(2);
        assertEquals("[0,1,2,3]", done("down").get("stopped").toString());
        assertEquals("[]", done("down").get("stopped").toString());
        AtlasRun refused = atlas("kv", "get", "fruit/apple");
        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().contains("is down: start it with ./atlas up --dir"), refused::toString);
        done("up");
        assertEquals("green", done("kv", "get", "fruit/apple").get("value").asText());
        assertTrue(replica(2).get("lastDecided").asLong()
                >= before.get("lastDecided").asLong());
    }

    @Test
    @Order(11)
    void downMayRemoveEverything() {
        assertTrue(done("down", "--delete-data").get("deleted").asBoolean());
        assertFalse(Files.exists(directory.resolve("cluster")));
        assertEquals("[]", done("down").get("stopped").toString());
    }
}
