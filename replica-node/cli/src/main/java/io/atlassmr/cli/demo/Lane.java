package io.atlassmr.cli.demo;

import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import java.util.List;

/**
 * A row of operations on a key that nobody else uses, one after the other, so that every answer is known beforehand: any other
 * answer shows a write that was lost, or executed twice. Used by one thread at a time.
 */
sealed interface Lane permits CounterLane, CycleLane {

    /** The operation to execute now; the same until {@link #answered} is called. */
    KvOperation next();

    /** Takes the answer to {@link #next} and moves on. */
    Finding answered(KvResult result);

    /**
     * The outcome of {@link #next} will not be known: it may have been executed, or may be later. The lane leaves its key to
     * that and goes on with a fresh one.
     */
    void outcomeUnknown();

    /** The keys used so far with the values that each may have in the end. */
    List<Expectation> expectations();

    /** What an answer showed. */
    record Finding(long lost, long duplicated) {

        /** As it should be. */
        static final Finding NONE = new Finding(0, 0);
    }

    /** What a key has to have in the end. */
    interface Expectation {

        Bytes key();

        /** What the last value of the key, {@link KvResult.Found} or {@link KvResult.NotFound}, shows. */
        Finding check(KvResult result);
    }
}
