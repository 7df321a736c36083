package io.atlassmr.server.admin.limits;

import io.atlassmr.crypto.identity.IdentityKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How many requests each caller may make: so many a second over time, and twice as many at once after a pause (token bucket). Callers
 * are remembered up to a bound, the last ones; there are no more than members and administrators. Thread-safe.
 */
final class CallRate {

    static final int MAX_CALLERS = 1024;

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final float LOAD_FACTOR = 0.75f;

    private final int perSecond;
    private final Map<IdentityKey, Bucket> buckets = new LinkedHashMap<>(16, LOAD_FACTOR, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<IdentityKey, Bucket> eldest) {
            return size() > MAX_CALLERS;
        }
    };

    private static final class Bucket {
        private double tokens;
        private long filledNanos;

        Bucket(double tokens, long nowNanos) {
            this.tokens = tokens;
            this.filledNanos = nowNanos;
        }
    }

    CallRate(int perSecond) {
        this.perSecond = perSecond;
    }

    /**
     * Takes one request of this caller.
     *
     * @param nowNanos on a monotonic clock
     * @return 0 if it may be answered, otherwise after how many seconds the next one may, at least 1
     */
    synchronized long take(IdentityKey caller, long nowNanos) {
        double most = 2.0 * perSecond;
        Bucket bucket = buckets.computeIfAbsent(caller, _ -> new Bucket(most, nowNanos));
        long passed = Math.max(0, nowNanos - bucket.filledNanos);
        bucket.tokens = Math.min(most, bucket.tokens + passed / NANOS * perSecond);
        bucket.filledNanos += passed;
        if (bucket.tokens >= 1) {
            bucket.tokens--;
            return 0;
        }
        return Math.max(1, (long) Math.ceil((1 - bucket.tokens) / perSecond));
    }

    /** How many callers are remembered. */
    synchronized int callers() {
        return buckets.size();
    }
}
