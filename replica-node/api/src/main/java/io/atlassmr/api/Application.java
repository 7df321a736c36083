package io.atlassmr.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A deterministic state machine that Atlas replicates.
 *
 * <p>Every honest replica calls {@link #executeOrdered} with the same operations in the same order, so the result and the
 * state after it must be a function of the state before it, the operation and the {@link OrderedContext} alone: no clock,
 * no random, no hash order, no I/O whose outcome may differ between machines.
 *
 * <p>Threading: {@code executeOrdered}, {@code snapshot} and {@code restore} are called from one thread, never
 * concurrently. {@code executeUnordered} is called from the same thread with the single-threaded executor.
 *
 * <p>Errors: a {@link RuntimeException} becomes an error reply, the same at every replica, and execution goes on with the
 * state as the application left it; an {@link Error} stops the replica with its reason.
 */
public interface Application {

    /**
     * Executes one operation at its place in the total order.
     *
     * @param operation the client's bytes, at most the configured request limit, never null, possibly empty; unchecked,
     *     because whoever holds a client identity chose them
     * @param context what all replicas agree on about this request
     * @return the result sent to the client, never null
     */
    byte[] executeOrdered(byte[] operation, OrderedContext context);

    /**
     * Answers a read-only operation on the state as it stands, without ordering it. Must not change the state.
     *
     * @param operation the client's bytes, unchecked
     * @param context the position the state is at, and who asks
     * @return the result, never null
     */
    byte[] executeUnordered(byte[] operation, UnorderedContext context);

    /**
     * Writes the whole state, deterministically: replicas with equal states write equal bytes.
     *
     * @param output where the bytes go; the caller closes it
     * @throws IOException if {@code output} does
     */
    void snapshot(OutputStream output) throws IOException;

    /**
     * Replaces the whole state by one that {@link #snapshot} wrote.
     *
     * @param input the bytes; the caller closes it
     * @throws IOException if the bytes are not a snapshot of this application or cannot be read; the state is then the
     *     one before the call
     */
    void restore(InputStream input) throws IOException;
}
