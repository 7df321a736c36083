package io.atlassmr.protocol.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.event.ProtocolEvent.MessageReceived;
import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import java.util.List;
import org.junit.jupiter.api.Test;

class FutureMessagesTest {

    private static final Members MEMBERS = Members.of(4);

    private final FutureMessages future = new FutureMessages(3);

    private static MessageReceived vote(int signer, long view, long sequenceNumber) {
        return new MessageReceived(MEMBERS.sign(signer, new Prepare(view, sequenceNumber, Digest.ZERO)), null);
    }

    @Test
    void messagesAreGivenOutWhenTheirViewOpensInTheOrderOfEachSigner() {
        future.keep(vote(2, 5, 1));
        future.keep(vote(1, 5, 2));
        future.keep(vote(1, 5, 1));
        assertEquals(List.of(vote(1, 5, 2), vote(1, 5, 1), vote(2, 5, 1)), future.takeUpTo(5));
        assertEquals(List.of(), future.takeUpTo(5));
    }

    @Test
    void earlierViewsAreForgottenAndLaterOnesKept() {
        future.keep(vote(1, 4, 1));
        future.keep(vote(1, 6, 1));
        future.keep(vote(1, 5, 1));
        assertEquals(List.of(vote(1, 5, 1)), future.takeUpTo(5));
        assertEquals(List.of(vote(1, 6, 1)), future.takeUpTo(6));
    }

    @Test
    void aSignersOldestMakeRoomAndOthersKeepTheirs() {
        future.keep(vote(2, 5, 9));
        for (long s = 1; s <= 5; s++) {
            future.keep(vote(1, 5, s));
        }
        assertEquals(List.of(vote(1, 5, 3), vote(1, 5, 4), vote(1, 5, 5), vote(2, 5, 9)), future.takeUpTo(5));
    }

    @Test
    void whatWasTakenMakesRoom() {
        for (long s = 1; s <= 3; s++) {
            future.keep(vote(1, 5, s));
        }
        assertEquals(3, future.takeUpTo(5).size());
        for (long s = 1; s <= 3; s++) {
            future.keep(vote(1, 6, s));
        }
        assertEquals(3, future.takeUpTo(6).size());
    }

    @Test
    void bodiesAreBoundedForEachSigner() {
        FutureMessages roomy = new FutureMessages(1000);
        for (int s = 1; s <= 7; s++) {
            Batch body = BatchCodec.encode(s, List.of(Bundles.bundleOfSize(1, s, 3 << 20)));
            roomy.keep(new MessageReceived(MEMBERS.sign(1, new PrePrepare(5, s, body.digest())), body));
        }
        roomy.keep(vote(2, 5, 1));
        List<Long> kept = roomy.takeUpTo(5).stream()
                .filter(message -> message.batch() != null)
                .map(message -> message.batch().agreedTimeMillis())
                .toList();
        assertEquals(List.of(3L, 4L, 5L, 6L, 7L), kept);
    }
}
