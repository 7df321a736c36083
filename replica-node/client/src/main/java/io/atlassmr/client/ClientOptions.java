package io.atlassmr.client;

import java.time.Duration;

/**
 * Limits and times of one client. Immutable; start from {@link #defaults()}.
 *
 * @param maxOutstanding most ordered requests without an answer, and most unordered ones, each 1 to 512
 * @param maxQueued most ordered requests that wait, in this process, for room among the outstanding; 0 refuses at once
 * @param maxBufferedBytes most bytes of operations outstanding and queued together
 * @param maxOperationBytes largest operation
 * @param maxBundleRequests most requests under one signature
 * @param maxBundleBytes most bytes of operations under one signature, exceeded only by a single larger operation
 * @param bundleDelay longest that a request waits for company while earlier ones are under way
 * @param requestTimeout how long after its submission a request is given up; at most five minutes, and less than twice the
 *     cluster's {@code atlas.sessions.lifetime-millis}
 * @param retryTimeout how long the first attempt may take before the request goes to all replicas; doubles each time
 * @param maxBackoff cap of that doubling, and of what a replica may ask the client to wait
 * @param unorderedTimeout how long an unordered request waits for a quorum before it is ordered
 */
public record ClientOptions(
        int maxOutstanding,
        int maxQueued,
        long maxBufferedBytes,
        int maxOperationBytes,
        int maxBundleRequests,
        int maxBundleBytes,
        Duration bundleDelay,
        Duration requestTimeout,
        Duration retryTimeout,
        Duration maxBackoff,
        Duration unorderedTimeout) {

    /** Upper bound of {@link #maxOutstanding()}: half of what replicas remember of a session. */
    public static final int MAX_OUTSTANDING = NumberWindow.SIZE / 2;

    /** Upper bound of {@link #maxOperationBytes()} and {@link #maxBundleBytes()}: a frame has room for one of each. */
    public static final int MAX_OPERATION_BYTES = 4 << 20;

    /** A request that is repeated for longer than replicas remember an idle client might be executed twice. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    public ClientOptions {
        range("maxOutstanding", maxOutstanding, 1, MAX_OUTSTANDING);
        range("maxQueued", maxQueued, 0, 1 << 20);
        range("maxBufferedBytes", maxBufferedBytes, 1, 1L << 32);
        range("maxOperationBytes", maxOperationBytes, 0, MAX_OPERATION_BYTES);
        range("maxBundleRequests", maxBundleRequests, 1, MAX_OUTSTANDING);
        range("maxBundleBytes", maxBundleBytes, 1, MAX_OPERATION_BYTES);
        range("bundleDelay", bundleDelay, Duration.ZERO);
        range("requestTimeout", requestTimeout, Duration.ofMillis(1));
        range("retryTimeout", retryTimeout, Duration.ofMillis(1));
        range("maxBackoff", maxBackoff, Duration.ofMillis(1));
        range("unorderedTimeout", unorderedTimeout, Duration.ofMillis(1));
    }

    /** What suits most: 256 outstanding, nothing queued, answers within half a minute. */
    public static ClientOptions defaults() {
        return new ClientOptions(
                256,
                0,
                32L << 20,
                1 << 20,
                256,
                1 << 20,
                Duration.ofMillis(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofMillis(500));
    }

    /** These options with another bound of outstanding requests. */
    public ClientOptions withMaxOutstanding(int requests) {
        return new ClientOptions(
                requests,
                maxQueued,
                maxBufferedBytes,
                maxOperationBytes,
                maxBundleRequests,
                maxBundleBytes,
                bundleDelay,
                requestTimeout,
                retryTimeout,
                maxBackoff,
                unorderedTimeout);
    }

    /** These options with another bound of requests, and of all bytes, that wait in this process. */
    public ClientOptions withQueue(int requests, long bufferedBytes) {
        return new ClientOptions(
                maxOutstanding,
                requests,
                bufferedBytes,
                maxOperationBytes,
                maxBundleRequests,
                maxBundleBytes,
                bundleDelay,
                requestTimeout,
                retryTimeout,
                maxBackoff,
                unorderedTimeout);
    }

    /** These options with another size of the largest operation, and room for a few of them. */
    public ClientOptions withMaxOperationBytes(int bytes) {
        return new ClientOptions(
                maxOutstanding,
                maxQueued,
                Math.max(maxBufferedBytes, 4L * bytes),
                bytes,
                maxBundleRequests,
                maxBundleBytes,
                bundleDelay,
                requestTimeout,
                retryTimeout,
                maxBackoff,
                unorderedTimeout);
    }

    /** These options with other bounds of a bundle. */
    public ClientOptions withBundles(int requests, int bytes, Duration delay) {
        return new ClientOptions(
                maxOutstanding,
                maxQueued,
                maxBufferedBytes,
                maxOperationBytes,
                requests,
                bytes,
                delay,
                requestTimeout,
                retryTimeout,
                maxBackoff,
                unorderedTimeout);
    }

    /** These options with other times of giving up and trying again. */
    public ClientOptions withTimeouts(Duration request, Duration retry, Duration backoff, Duration unordered) {
        return new ClientOptions(
                maxOutstanding,
                maxQueued,
                maxBufferedBytes,
                maxOperationBytes,
                maxBundleRequests,
                maxBundleBytes,
                bundleDelay,
                request,
                retry,
                backoff,
                unordered);
    }

    private static void range(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is between " + least + " and " + most + ", got " + value);
        }
    }

    private static void range(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is between " + least + " and " + LONGEST + ", got " + value);
        }
    }
}
