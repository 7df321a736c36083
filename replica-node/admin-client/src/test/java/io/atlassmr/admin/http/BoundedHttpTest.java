package io.atlassmr.admin.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedHttpTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/whole", exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("whole".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.createContext("/half", exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("ha".getBytes(StandardCharsets.US_ASCII));
            exchange.getResponseBody().flush();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void end() {
        ended.countDown();
        server.stop(0);
        threads.shutdown();
    }

    private HttpResponse<String> ask(String path, Duration timeout) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        try (HttpClient http = BoundedHttp.client(LONG).build()) {
            return BoundedHttp.ask(http, HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString(), timeout);
        }
    }

    @Test
    void aWholeAnswerIsGiven() throws Exception {
        assertEquals("whole", ask("/whole", LONG).body());
    }

    @Test
    void anAnswerThatStopsInItsMiddleIsGivenUpAndTheClientCloses() {
        HttpTimeoutException thrown = assertThrows(HttpTimeoutException.class, () -> ask("/half", SHORT));
        assertTrue(thrown.getMessage().endsWith("/half did not answer within 200 ms"), thrown.getMessage());
    }

    @Test
    void whoIsNotThereIsNotWaitedFor() {
        server.stop(0);
        assertThrows(ConnectException.class, () -> ask("/whole", LONG));
    }
}
