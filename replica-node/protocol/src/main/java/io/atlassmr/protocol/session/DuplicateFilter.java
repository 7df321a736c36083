package io.atlassmr.protocol.session;

import io.atlassmr.protocol.message.ClientBundle;
import java.io.IOException;
import java.io.InputStream;

/** Decides for each ordered request whether it is executed. Part of the replicated state: deterministic. */
public interface DuplicateFilter {

    /** What to do with a request. */
    sealed interface Admission {}

    /** Execute it, then tell {@link #answered}. */
    record Execute() implements Admission {}

    /** Give this answer and do not execute. */
    record Answer(Reply reply) implements Admission {}

    /**
     * Judges one request of a bundle at its place in the order.
     *
     * @param agreedTimeMillis of the batch it is in
     */
    Admission admit(ClientBundle bundle, long number, long sequenceNumber, long agreedTimeMillis);

    /** Remembers the answer of a request that was admitted. */
    void answered(ClientBundle bundle, Reply reply);

    /** What is remembered at this moment; not within a batch. */
    SessionImage capture();

    /**
     * Replaces everything by what an image wrote.
     *
     * @throws IOException if the bytes are not sessions within the limits; nothing is changed then
     */
    void restore(InputStream input) throws IOException;

    /** The remembered answer, null if there is none. */
    Reply remembered(ClientBundle bundle, long number);
}
