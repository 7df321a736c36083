package io.atlassmr.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.protocol.answer.AnswerHeader;
import io.atlassmr.protocol.answer.AnswerPosition;
import io.atlassmr.protocol.answer.SignedAnswer;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.tls.IdentityTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLParameters;

/** An admin API over TLS with mutual authentication, which answers as a replica should, or in whatever other way. */
final class FakeReplica implements AutoCloseable {

    static final Digest MEMBERS = Sha256.of(new byte[] {1});
    static final Digest STATE = Sha256.of(new byte[] {2});

    /** How it answers. */
    interface Behaviour {
        void answer(FakeReplica replica, HttpExchange exchange) throws IOException;
    }

    /** As an honest replica does, in epoch 1 after decision 5. */
    static final Behaviour HONEST = (replica, exchange) -> replica.signed(exchange, replica.header(exchange), "{}");

    private final int id;
    private final Ed25519Identity identity = Ed25519Identity.generate();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpsServer server;
    private volatile Behaviour behaviour = HONEST;

    FakeReplica(int id) throws IOException {
        this.id = id;
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(IdentityTls.context(identity, Admission.ANYONE)) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters tls = getSSLContext().getDefaultSSLParameters();
                tls.setNeedClientAuth(true);
                parameters.setSSLParameters(tls);
            }
        });
        server.setExecutor(threads);
        server.createContext("/admin/v1/", exchange -> {
            try {
                behaviour.answer(this, exchange);
            } finally {
                exchange.close();
            }
        });
        server.start();
    }

    void behave(Behaviour how) {
        behaviour = how;
    }

    /** Says something else than the others, under its signature. */
    void say(String body) {
        behave((replica, exchange) -> replica.signed(exchange, replica.header(exchange), body));
    }

    Member member() {
        return new Member(
                id, identity.publicKey(), "127.0.0.1", 1, 1, server.getAddress().getPort(), 0, 0);
    }

    Ed25519Identity identity() {
        return identity;
    }

    String nonce(HttpExchange exchange) {
        return exchange.getRequestHeaders().getFirst("Atlas-Nonce");
    }

    AnswerHeader header(HttpExchange exchange) {
        return header("tests", 1, 5, MEMBERS, exchange.getRequestURI().toString(), nonce(exchange));
    }

    AnswerHeader header(
            String clusterId, long epoch, long sequenceNumber, Digest members, String target, String nonce) {
        return new AnswerHeader(
                clusterId, epoch, id, new AnswerPosition(sequenceNumber, members, 5, STATE), target, nonce);
    }

    void signed(HttpExchange exchange, AnswerHeader header, String body) throws IOException {
        send(exchange, jws(header, body));
    }

    String jws(AnswerHeader header, String body) {
        return SignedAnswer.sign(header, body.getBytes(StandardCharsets.UTF_8), identity)
                .toJws();
    }

    void send(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Begins an answer and does not end it. */
    void stall(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 1000);
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
