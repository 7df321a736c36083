package io.atlassmr.api;

/**
 * A deterministic state machine that Atlas replicates.
 *
 * <p>Every honest replica calls {@link #executeOrdered} with the same operations in the same order, so the result and the
 * state after it must be a function of the state before it, the operation and the {@link OrderedContext} alone: no clock,
 * no random, no hash order, no I/O whose outcome may differ between machines.
 *
 * <p>Threading: {@code executeOrdered} and the methods of {@link #state} that say so are called from one thread, the
 * execution thread, never concurrently. {@code executeUnordered} is called from the same thread with the single-threaded
 * executor.
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
     * How the state is captured for checkpoints, moved to other replicas and put back. The same object at every call; what it
     * is decides how this application's replicas are put together.
     */
    ReplicatedState state();
}
