package io.atlassmr.server.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.AtlasClientException;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.client.ClientRuntime;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.transport.ClientTransport;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a caller of the gateway learns of each way in which the client fails. */
class ProblemMappersTest {

    private final ProblemMappers mappers = new ProblemMappers();
    private final ClientRuntime runtime = ClientRuntime.start(new Ed25519Verifier());

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void tooMuchUnderWayIs429AndSaysWhenToTryAgain() {
        try (AtlasClient client = client(new SilentTransport(true))) {
            CompletableFuture<byte[]> first = client.executeOrdered(new byte[0]);
            Response response = mappers.client(failure(client.executeOrdered(new byte[0])));

            assertEquals(429, response.getStatus());
            assertEquals(1L, response.getHeaders().getFirst("Retry-After"));
            assertEquals(false, problem(response).mayHaveExecuted());
            assertTrue(!first.isDone() || first.isCompletedExceptionally());
        }
    }

    @Test
    void whatNoReplicaTookIs503() {
        try (AtlasClient client = client(new SilentTransport(false))) {
            Response response = mappers.client(failure(client.executeOrdered(new byte[0])));

            assertEquals(503, response.getStatus());
            assertEquals("urn:atlassmr:problem:no-quorum", problem(response).type());
            assertEquals(false, problem(response).mayHaveExecuted());
        }
    }

    @Test
    void whatNoReplicaAnsweredIs504AndMayHaveBeenExecuted() {
        try (AtlasClient client = client(new SilentTransport(true))) {
            Response response = mappers.client(failure(client.executeOrdered(new byte[0])));

            assertEquals(504, response.getStatus());
            assertEquals(
                    "urn:atlassmr:problem:outcome-unknown", problem(response).type());
            assertEquals(true, problem(response).mayHaveExecuted());
        }
    }

    @Test
    void whatAClosedClientIsAskedIs503() {
        AtlasClient client = client(new SilentTransport(true));
        client.close();

        Response response = mappers.client(failure(client.executeOrdered(new byte[0])));

        assertEquals(503, response.getStatus());
        assertEquals("urn:atlassmr:problem:unavailable", problem(response).type());
    }

    @Test
    void whatIsUnexpectedIs500AndTellsNothing() {
        Response response = mappers.wrapped(new CompletionException(new IllegalStateException("secret")));

        assertEquals(500, response.getStatus());
        assertTrue(!problem(response).detail().contains("secret"));
    }

    private static Problem problem(Response response) {
        assertEquals(Problem.MEDIA_TYPE, response.getHeaders().getFirst("Content-Type"));
        return assertInstanceOf(Problem.class, response.getEntity());
    }

    private static AtlasClientException failure(CompletableFuture<byte[]> future) {
        CompletionException thrown = assertThrows(CompletionException.class, future::join);
        return assertInstanceOf(AtlasClientException.class, thrown.getCause());
    }

    private AtlasClient client(ClientTransport transport) {
        List<ClusterDescription.Member> members = new ArrayList<>();
        for (int id = 0; id < 4; id++) {
            members.add(new ClusterDescription.Member(
                    id, Ed25519Identity.generate().publicKey(), "localhost", 1, 1, 0, 0, 0));
        }
        ClientOptions defaults = ClientOptions.defaults();
        ClientOptions impatient = new ClientOptions(
                1,
                0,
                defaults.maxBufferedBytes(),
                defaults.maxOperationBytes(),
                defaults.maxBundleRequests(),
                defaults.maxBundleBytes(),
                defaults.bundleDelay(),
                Duration.ofMillis(200),
                defaults.retryTimeout(),
                defaults.maxBackoff(),
                defaults.unorderedTimeout());
        return AtlasClient.open(
                new ClusterDescription("test", 1, members), Ed25519Identity.generate(), transport, runtime, impatient);
    }

    /** Takes frames, or not, and never brings any. */
    private record SilentTransport(boolean takes) implements ClientTransport {

        @Override
        public void start(Listener listener) {}

        @Override
        public void follow(ClusterDescription later) {}

        @Override
        public boolean send(int replicaId, byte[] frame) {
            return takes;
        }

        @Override
        public void close() {}
    }
}
