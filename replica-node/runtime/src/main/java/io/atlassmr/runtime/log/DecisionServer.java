package io.atlassmr.runtime.log;

import io.atlassmr.protocol.message.Decision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads as many decisions from the log as one answer takes. */
public final class DecisionServer {

    private static final int MAX_DECISIONS = 512;
    /** With the largest membership they still fit into a frame. */
    private static final int MAX_EPOCHS = 32;

    private static final long MAX_BYTES = 8L << 20;

    private final RecordStore store;

    public DecisionServer(RecordStore store) {
        this.store = store;
    }

    /**
     * The decisions from {@code from} on, without gaps, at most up to {@code to}; they end before one that is damaged, which is
     * reported.
     *
     * @throws IOException if the log cannot be read
     */
    public List<Decision> read(long from, long to) throws IOException {
        List<Decision> decisions = new ArrayList<>();
        long sizeBytes = 0;
        for (long s = Math.max(1, from); s <= to && decisions.size() < MAX_DECISIONS && sizeBytes < MAX_BYTES; s++) {
            Decision decision = store.sound(s);
            if (decision == null) {
                break;
            }
            decisions.add(decision);
            sizeBytes += decision.batch().encoded().length;
        }
        return decisions;
    }

    /**
     * The decisions that began epochs, from this one on, without gaps.
     *
     * @throws IOException if the log cannot be read
     */
    public List<Decision> epochs(long fromEpoch) throws IOException {
        return store.epochs(fromEpoch, MAX_EPOCHS);
    }
}
