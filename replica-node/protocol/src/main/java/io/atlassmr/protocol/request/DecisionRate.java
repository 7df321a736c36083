package io.atlassmr.protocol.request;

import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.ClientBundle;

/**
 * How much agreement decides in a time, as seen lately: what tells how much may wait without waiting for too long. Rises at once with
 * what is seen, falls only while more waits than is decided: little to do is no sign of being slow.
 */
public final class DecisionRate {

    static final long INTERVAL_MILLIS = 500;

    private long sinceMillis;
    private boolean workWaitedThroughout;
    private long requests;
    private long bytes;
    private double requestsPerMilli;
    private double bytesPerMilli;

    public DecisionRate(long nowMillis) {
        sinceMillis = nowMillis;
    }

    /** A batch was decided. */
    public void decided(Batch batch) {
        for (ClientBundle bundle : batch.bundles()) {
            requests += bundle.requests().size();
        }
        bytes += batch.encoded().length;
    }

    /** Time passes; called often, whatever happens. */
    public void tick(boolean workWaits, long nowMillis) {
        workWaitedThroughout &= workWaits;
        long millis = nowMillis - sinceMillis;
        if (millis < INTERVAL_MILLIS) {
            return;
        }
        requestsPerMilli = next(requestsPerMilli, (double) requests / millis);
        bytesPerMilli = next(bytesPerMilli, (double) bytes / millis);
        requests = 0;
        bytes = 0;
        sinceMillis = nowMillis;
        workWaitedThroughout = workWaits;
    }

    private double next(double known, double seen) {
        if (seen >= known) {
            return seen;
        }
        return workWaitedThroughout ? (known + seen) / 2 : known;
    }

    /** How many requests are decided in this time. */
    public long requestsWithin(long millis) {
        return (long) (requestsPerMilli * millis);
    }

    /** How many bytes of batches are decided in this time. */
    public long bytesWithin(long millis) {
        return (long) (bytesPerMilli * millis);
    }
}
