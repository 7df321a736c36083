package io.atlassmr.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.atlassmr.client.quorum.LeaderBelief;
import io.atlassmr.client.quorum.QuorumSizes;
import io.atlassmr.client.quorum.Responders;
import io.atlassmr.wire.v1.Reply;
import io.atlassmr.wire.v1.ReplyStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RespondersTest {

    private static final int LEADER = 0;
    private static final long FIRST_NUMBER = 1;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final List<Integer> ALL = List.of();

    private final QuorumSizes sizes = new QuorumSizes(4);
    private final Responders responders = new Responders(sizes, 0);
    private final ClientOptions options = ClientOptions.defaults();
    private final OrderedRequests requests = new OrderedRequests(
            options,
            sizes,
            new LeaderBelief(sizes),
            new ClientCounters(),
            () -> 4,
            _ -> true,
            responders,
            FIRST_NUMBER);
    private final Completions completions = new Completions();

    private List<Integer> choose(Responders from, long nowNanos) {
        return from.choose(LEADER, _ -> true, nowNanos);
    }

    private void getBusy() {
        responders.answered(SECOND);
    }

    private CompletableFuture<byte[]> submit(long nowNanos) {
        CompletableFuture<byte[]> future = new CompletableFuture<>();
        OrderedRequest request = new OrderedRequest(
                ByteString.EMPTY, future, nowNanos + options.requestTimeout().toNanos(), 4);
        assertEquals(Optional.empty(), requests.submit(request, nowNanos));
        return future;
    }

    private void reply(int member, String result, long nowNanos) {
        Reply reply = Reply.newBuilder()
                .setNumber(FIRST_NUMBER)
                .setStatus(ReplyStatus.OK)
                .setResult(ByteString.copyFromUtf8(result))
                .setSequenceNumber(9)
                .build();
        requests.reply(member, reply, nowNanos, completions);
    }

    private List<Integer> nextBundle(long nowNanos) {
        return requests.nextBundle(nowNanos, false).orElseThrow().responders();
    }

    private void tick(long nowNanos) {
        long _ = requests.tick(nowNanos, completions);
    }

    @Test
    void allAnswerWhereAnswersComeFast() {
        responders.answered(SECOND / 1000);
        assertEquals(ALL, choose(responders, 0));
    }

    @Test
    void onlyEnoughFollowersAnswerWhereTheClusterIsBusy() {
        getBusy();
        assertEquals(List.of(1, 2), choose(responders, 0));
    }

    @Test
    void clientsChooseDifferently() {
        Responders others = new Responders(sizes, -1);
        others.answered(SECOND);
        assertEquals(List.of(3, 1), choose(others, 0));
    }

    @Test
    void whoOwesAnAnswerIsLeftOutForAWhileAndLongerEachTime() {
        getBusy();
        responders.owes(1, 0);
        assertEquals(List.of(2, 3), choose(responders, 5 * SECOND - 1));
        assertEquals(List.of(1, 2), choose(responders, 5 * SECOND));
        responders.owes(1, 5 * SECOND);
        assertEquals(List.of(2, 3), choose(responders, 15 * SECOND - 1));
        assertEquals(List.of(1, 2), choose(responders, 15 * SECOND));
    }

    @Test
    void anAnswerMakesUpForIt() {
        getBusy();
        responders.owes(1, 0);
        responders.paid(1);
        responders.owes(1, 5 * SECOND);
        assertEquals(List.of(1, 2), choose(responders, 10 * SECOND));
    }

    @Test
    void allAnswerIfTooFewAreLeftToChooseFrom() {
        getBusy();
        responders.owes(1, 0);
        assertEquals(ALL, responders.choose(LEADER, member -> member != 2, 0));
    }

    @Test
    void aRequestNamesThemAndIsBelievedFromThem() {
        getBusy();
        CompletableFuture<byte[]> future = submit(0);
        assertEquals(List.of(1, 2), nextBundle(0));
        reply(1, "x", SECOND);
        reply(2, "x", SECOND);
        completions.run();
        assertEquals(true, future.isDone());
    }

    @Test
    void ifOneOfThemOwesItsAnswerAllAreAskedAndTheNextRequestNamesOthers() {
        getBusy();
        CompletableFuture<byte[]> _ = submit(0);
        nextBundle(0);
        reply(1, "x", 10);
        tick(10 + responders.patienceNanos());
        assertEquals(ALL, nextBundle(10 + responders.patienceNanos()));
        assertEquals(List.of(1, 3), choose(responders, SECOND));
    }

    @Test
    void ifTheyContradictEachOtherAllAreAskedAndNeitherIsReliedOn() {
        getBusy();
        CompletableFuture<byte[]> _ = submit(0);
        nextBundle(0);
        reply(1, "x", 10);
        reply(2, "y", 10);
        tick(10 + responders.patienceNanos());
        assertEquals(ALL, nextBundle(10 + responders.patienceNanos()));
        assertEquals(ALL, choose(responders, SECOND));
    }

    @Test
    void ifTheConnectionToOneIsLostAllAreAskedAtOnce() {
        getBusy();
        CompletableFuture<byte[]> _ = submit(0);
        nextBundle(0);
        requests.down(2, 10);
        tick(10);
        assertEquals(ALL, nextBundle(10));
    }
}
