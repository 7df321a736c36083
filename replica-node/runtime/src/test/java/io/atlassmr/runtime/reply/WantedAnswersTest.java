package io.atlassmr.runtime.reply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.ExecutedBatch.ClientReplies;
import java.util.List;
import org.junit.jupiter.api.Test;

class WantedAnswersTest {

    private static final int SELF = 2;

    private static ClientId client(int index) {
        byte[] key = new byte[ClientId.SIZE_BYTES];
        key[0] = (byte) index;
        return ClientId.of(key);
    }

    private static ClientBundle bundle(int client, Integer... answerFrom) {
        return new ClientBundle(
                Digest.ZERO, client(client), 1, 1, List.of(), List.of(answerFrom), new byte[0], new byte[64]);
    }

    private static Batch batch(ClientBundle... bundles) {
        return BatchCodec.encode(0, List.of(bundles));
    }

    private static ExecutedBatch executed(int... clients) {
        return new ExecutedBatch(
                7,
                0,
                Digest.ZERO,
                java.util.stream.IntStream.of(clients)
                        .mapToObj(index -> new ClientReplies(client(index), List.of()))
                        .toList());
    }

    @Test
    void clientsThatNameNobodyAreAnswered() {
        ExecutedBatch executed = executed(1, 2);
        assertSame(executed, WantedAnswers.of(SELF, batch(bundle(1), bundle(2)), executed));
    }

    @Test
    void clientsThatNameOthersAreNot() {
        assertEquals(
                executed(1, 3),
                WantedAnswers.of(SELF, batch(bundle(1, 2, 3), bundle(2, 0, 1), bundle(3)), executed(1, 2, 3)));
    }

    @Test
    void oneBundleThatNamesThisReplicaIsEnough() {
        assertEquals(executed(1), WantedAnswers.of(SELF, batch(bundle(1, 0, 1), bundle(1, 1, 2)), executed(1)));
    }
}
