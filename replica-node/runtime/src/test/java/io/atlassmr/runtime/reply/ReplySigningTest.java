package io.atlassmr.runtime.reply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.session.Reply;
import io.atlassmr.protocol.session.Reply.Outcome;
import io.atlassmr.runtime.execution.ExecutedBatch.ClientReplies;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.reply.ReplySigning.ClientFrame;
import io.atlassmr.wire.v1.ReplyStatus;
import io.atlassmr.wire.v1.SignedReplies;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplySigningTest {

    private static final int CLIENT_FRAME_BYTES = 8 << 20;

    private final ReplySigning signing = Replies.signing(3);

    private static io.atlassmr.wire.v1.Replies verified(ClientFrame frame) {
        return Replies.verified(3, frame.clientId(), frame.frame());
    }

    @Test
    void oneSignatureVouchesForTheRepliesToAllClients() throws Exception {
        List<ClientReplies> replies = new ArrayList<>();
        for (int client = 1; client <= 5; client++) {
            replies.add(Replies.to(client, Replies.ok(client, 10), Replies.ok(client + 10, 0)));
        }
        List<ClientFrame> frames = signing.sign(7, replies);
        assertEquals(5, frames.size());
        for (int i = 0; i < 5; i++) {
            assertEquals(TestCluster.client(i + 1), frames.get(i).clientId());
            io.atlassmr.wire.v1.Replies read = verified(frames.get(i));
            assertEquals(List.of(i + 1L, i + 11L), Replies.numbers(read));
            assertEquals(7, read.getView());
            assertFalse(read.getUnordered());
            assertEquals(
                    SignedReplies.parseFrom(frames.getFirst().frame()).getSignature(),
                    SignedReplies.parseFrom(frames.get(i).frame()).getSignature());
        }
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void aReplySaysHowItEnded(Outcome outcome) {
        byte[] result = "why".getBytes(StandardCharsets.UTF_8);
        ClientReplies replies = Replies.to(1, new Reply(4, outcome, result, 9));
        io.atlassmr.wire.v1.Reply read =
                verified(signing.sign(0, List.of(replies)).getFirst()).getReplies(0);
        assertEquals(outcome.name(), read.getStatus().name());
        assertEquals("why", read.getResult().toStringUtf8());
        assertEquals(9, read.getSequenceNumber());
    }

    @Test
    void theAnswerToAReadSaysThatItIsOne() {
        io.atlassmr.wire.v1.Replies read = verified(signing.signUnordered(TestCluster.client(1), 2, Replies.ok(4, 1)));
        assertTrue(read.getUnordered());
        assertEquals(List.of(4L), Replies.numbers(read));
    }

    @Test
    void aRefusalNamesEachRequestAndWhenToComeAgain() {
        io.atlassmr.wire.v1.Replies read =
                verified(signing.refuse(TestCluster.client(1), 2, false, List.of(4L, 6L), ReplyStatus.OVERLOADED, 50));
        assertEquals(List.of(4L, 6L), Replies.numbers(read));
        assertEquals(ReplyStatus.OVERLOADED, read.getReplies(1).getStatus());
        assertEquals(50, read.getReplies(1).getRetryAfterMillis());
    }

    @Test
    void manyLargeRepliesToOneClientGoInFramesThatItTakes() {
        Reply[] large = new Reply[20];
        for (int i = 0; i < large.length; i++) {
            large[i] = Replies.ok(i + 1L, 1 << 20);
        }
        List<ClientFrame> frames = signing.sign(0, List.of(Replies.to(1, large), Replies.to(2, Replies.ok(1, 5))));
        List<Long> numbers = new ArrayList<>();
        for (ClientFrame frame : frames) {
            assertTrue(frame.frame().length <= CLIENT_FRAME_BYTES, frame.frame().length + " bytes");
            if (frame.clientId().equals(TestCluster.client(1))) {
                numbers.addAll(Replies.numbers(verified(frame)));
            }
        }
        assertEquals(20, numbers.size());
        assertEquals(1, numbers.getFirst());
        assertEquals(20, numbers.getLast());
        assertEquals(TestCluster.client(2), frames.getLast().clientId());
        assertEquals(List.of(1L), Replies.numbers(verified(frames.getLast())));
    }
}
