package io.atlassmr.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.atlassmr.client.quorum.LeaderBelief;
import io.atlassmr.client.quorum.QuorumSizes;
import io.atlassmr.client.quorum.Responders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RetriesTest {

    private static final long FIRST_NUMBER = 7;

    private final ClientOptions options = ClientOptions.defaults();
    private final QuorumSizes sizes = new QuorumSizes(4);
    private final OrderedRequests requests = new OrderedRequests(
            options,
            sizes,
            new LeaderBelief(sizes),
            new ClientCounters(),
            () -> 4,
            _ -> true,
            new Responders(sizes, 0),
            FIRST_NUMBER);
    private final Completions completions = new Completions();

    private void submit(Duration at) {
        OrderedRequest request = new OrderedRequest(
                ByteString.copyFromUtf8("set x"),
                new CompletableFuture<>(),
                options.requestTimeout().toNanos(),
                4);
        assertEquals(Optional.empty(), requests.submit(request, at.toNanos()));
    }

    private List<Long> nextBundle(Duration at) {
        return requests.nextBundle(at.toNanos(), false).orElseThrow().requests().stream()
                .map(request -> request.number)
                .toList();
    }

    private void tick(Duration at) {
        long _ = requests.tick(at.toNanos(), completions);
    }

    /** Replicas refuse a bundle whose numbers do not ascend. */
    @Test
    void goOutInTheOrderOfTheirNumbers() {
        Duration later = options.bundleDelay();
        submit(Duration.ZERO);
        assertEquals(List.of(FIRST_NUMBER), nextBundle(Duration.ZERO));
        submit(Duration.ZERO);
        assertEquals(List.of(FIRST_NUMBER + 1), nextBundle(later));

        Duration retry = options.retryTimeout();
        tick(retry);
        assertEquals(List.of(FIRST_NUMBER), nextBundle(retry));
        tick(retry.plus(later));
        tick(retry.multipliedBy(4));
        assertEquals(List.of(FIRST_NUMBER, FIRST_NUMBER + 1), nextBundle(retry.multipliedBy(4)));
    }
}
