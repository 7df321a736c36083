package io.atlassmr.runtime.preprocessing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusedFramesTest {

    private final RefusedFrames refused = new RefusedFrames();

    @Test
    void everyReasonIsCountedUnderItsName() {
        for (Reason reason : Reason.values()) {
            refused.rejected("replica 2", new RejectedMessageException(reason, "on purpose"));
        }
        refused.malformed("client a", "on purpose");
        refused.malformed("client b", "on purpose");
        refused.noRoom("client a");
        assertEquals(
                Map.of(
                        "WRONG_EPOCH", 1L,
                        "NOT_A_MEMBER", 1L,
                        "NOT_THE_LEADER", 1L,
                        "BAD_SIGNATURE", 1L,
                        "BAD_BATCH", 1L,
                        "BAD_CERTIFICATE", 1L,
                        "BAD_PROOF", 1L,
                        "BAD_EVIDENCE", 1L,
                        "MALFORMED", 2L,
                        "NO_ROOM", 1L),
                refused.counts());
    }

    @Test
    void whatIsNotReadOfALiarIsCounted() {
        refused.limited("replica 2");
        assertEquals(Map.of("LIMITED", 1L), refused.counts());
    }

    @Test
    void countsAreInOrderOfName() {
        refused.noRoom("client a");
        refused.malformed("client a", "on purpose");
        assertEquals(
                List.of("MALFORMED", "NO_ROOM"), List.copyOf(refused.counts().keySet()));
    }
}
