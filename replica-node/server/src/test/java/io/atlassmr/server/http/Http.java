package io.atlassmr.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterFile;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.tls.IdentityTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/** Calls the three ports of the application under test. */
final class Http {

    private static final int ASKS_FIRST_BYTES = 2 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient PLAIN = HttpClient.newHttpClient();

    private final ClusterDescription.Member self;
    private final Path directory;

    private Http(ClusterDescription.Member self, Path directory) {
        this.self = self;
        this.directory = directory;
    }

    /** For the application of this test, once its replica has started. */
    static Http onceStarted() throws IOException, InterruptedException {
        return once("started");
    }

    /** For the application of this test, once its replica votes with the others. */
    static Http onceReady() throws IOException, InterruptedException {
        return once("ready");
    }

    private static Http once(String check) throws IOException, InterruptedException {
        Path cluster = Path.of(ConfigProvider.getConfig().getValue("atlas.cluster-file", String.class));
        Path directory = Path.of(ConfigProvider.getConfig().getValue(ClusterResource.DIRECTORY_KEY, String.class));
        Http http = new Http(ClusterFile.read(cluster).members().getFirst(), directory);
        while (http.management("/q/health/" + check).status() != 200) {
            Thread.onSpinWait();
        }
        return http;
    }

    /** The replica under test. */
    ClusterDescription.Member self() {
        return self;
    }

    Ed25519Identity identity(String file) throws IOException {
        return Ed25519Identity.load(directory.resolve(file));
    }

    Answer gateway(String method, String path) throws IOException, InterruptedException {
        return gateway(method, path, new byte[0], "application/octet-stream");
    }

    Answer gateway(String method, String path, byte[] body, String type) throws IOException, InterruptedException {
        BodyPublisher publisher = body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        return send(
                PLAIN,
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + self.gatewayPort() + path))
                        .header("Content-Type", type)
                        // A server that refuses a large body does not read it.
                        .expectContinue(body.length > ASKS_FIRST_BYTES)
                        .method(method, publisher)
                        .build());
    }

    Answer management(String path) throws IOException, InterruptedException {
        return send(
                PLAIN,
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + self.managementPort() + path))
                        .build());
    }

    /** How often this was the reason for closing a connection, or turning a request away, at this HTTP port. */
    double refused(String port, String reason) throws IOException, InterruptedException {
        return management("/q/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("atlas_http_refusals_total{")
                        && line.contains("port=\"" + port + "\"")
                        && line.contains("reason=\"" + reason + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findAny()
                .orElseThrow();
    }

    /** Calls the TLS port as {@code client}, who accepts this replica's identity alone. */
    Answer admin(Ed25519Identity client, String path) throws IOException, InterruptedException {
        return admin(client, "GET", path, BodyPublishers.noBody());
    }

    /** Gives the TLS port a body of JSON. */
    Answer adminPost(Ed25519Identity client, String path, String json) throws IOException, InterruptedException {
        return admin(client, "POST", path, BodyPublishers.ofString(json));
    }

    /** Has what the TLS port answers signed. */
    Answer adminWithNonce(Ed25519Identity client, String path, String nonce) throws IOException, InterruptedException {
        return admin(client, "GET", path, BodyPublishers.noBody(), "Atlas-Nonce", nonce);
    }

    /** Gives the TLS port a body of JSON, under a key of the caller's. */
    Answer adminPost(Ed25519Identity client, String path, String json, String idempotencyKey)
            throws IOException, InterruptedException {
        return admin(client, "POST", path, BodyPublishers.ofString(json), "Idempotency-Key", idempotencyKey);
    }

    private Answer admin(Ed25519Identity client, String method, String path, BodyPublisher body)
            throws IOException, InterruptedException {
        return admin(client, method, path, body, "Accept", "*/*");
    }

    /** Calls the TLS port with one header more. */
    Answer admin(Ed25519Identity client, String method, String path, BodyPublisher body, String header, String value)
            throws IOException, InterruptedException {
        try (HttpClient tls = HttpClient.newBuilder()
                .sslContext(IdentityTls.context(client, Admission.only(IdentityKey.of(self.publicKey()))))
                .build()) {
            return send(
                    tls,
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + self.adminPort() + path))
                            .header("Content-Type", "application/json")
                            .header(header, value)
                            .method(method, body)
                            .build());
        }
    }

    /** Keeps connections to the TLS port, as {@code client}. */
    Admin connection(Ed25519Identity client) {
        return new Admin(HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(IdentityTls.context(client, Admission.only(IdentityKey.of(self.publicKey()))))
                .build());
    }

    /** Connections to the TLS port of one caller. */
    final class Admin implements AutoCloseable {

        private final HttpClient tls;

        private Admin(HttpClient tls) {
            this.tls = tls;
        }

        Answer send(String method, String path, BodyPublisher body, Map<String, String> headers)
                throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create("https://127.0.0.1:" + self.adminPort() + path))
                    .timeout(Duration.ofSeconds(30))
                    .method(method, body);
            headers.forEach(request::header);
            return Http.send(tls, request.build());
        }

        @Override
        public void close() {
            tls.close();
        }
    }

    private static Answer send(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
        return new Answer(client.send(request, BodyHandlers.ofByteArray()));
    }

    /** What came back. */
    record Answer(HttpResponse<byte[]> response) {

        int status() {
            return response.statusCode();
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        JsonNode json() throws IOException {
            return JSON.readTree(response.body());
        }

        String type() {
            return response.headers().firstValue("Content-Type").orElse("");
        }

        /** The name of the problem that this answer has to be, with its status. */
        String problem() throws IOException {
            if (!type().equals("application/problem+json")
                    || json().path("status").asInt() != status()) {
                throw new AssertionError(status() + " " + type() + " " + text());
            }
            return status() + " " + json().path("type").asText().replaceAll(".*:", "");
        }
    }
}
