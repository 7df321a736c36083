package io.atlassmr.server.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.server.http.ClusterResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@WithTestResource(ClusterResource.class)
@Timeout(60)
class FeedsTest {

    @Inject
    DecisionsConsumer consumer;

    @ConfigProperty(name = "quarkus.http.test-port")
    int gatewayPort;

    @Test
    void everyDecisionReachesTheConsumerWithItsRequestsAndReplies() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 3; i++) {
                URI uri = URI.create("http://127.0.0.1:" + gatewayPort + "/v1/kv/fed");
                HttpRequest put = HttpRequest.newBuilder(uri)
                        .PUT(HttpRequest.BodyPublishers.ofString("v"))
                        .build();
                assertEquals(204, client.send(put, BodyHandlers.discarding()).statusCode());
            }
        }

        List<DecisionEvent> events = consumer.await(3);

        for (int i = 1; i < events.size(); i++) {
            assertEquals(events.get(i - 1).sequenceNumber() + 1, events.get(i).sequenceNumber());
        }
        byte[] operation = KvCodec.encodeOperation(new KvOperation.Put(Bytes.ofUtf8("fed"), Bytes.ofUtf8("v")));
        DecisionEvent decision = events.stream()
                .filter(event -> event.requests().stream().anyMatch(r -> Arrays.equals(r.operation(), operation)))
                .findFirst()
                .orElse(null);
        assertNotNull(decision, events::toString);
        assertEquals("test", decision.clusterId());
        assertEquals(0, decision.replicaId());
        assertEquals(decision.requests().size(), decision.replies().size());
        assertEquals(
                decision.requests().getFirst().number(),
                decision.replies().getFirst().number());
        assertEquals(Reply.Outcome.OK, decision.replies().getFirst().outcome());
    }
}
