package io.atlassmr.client;

import com.google.protobuf.ByteString;
import io.atlassmr.client.quorum.Votes;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One ordered request from its submission to its result. Guarded by the client's lock. */
final class OrderedRequest {

    static final int NOBODY = -1;

    final ByteString operation;
    final CompletableFuture<byte[]> future;
    final long deadlineNanos;
    Votes votes;

    /** 0 while it waits for room. */
    long number;
    /** When it got its number. */
    long numberedAtNanos;
    /** When it goes to all replicas next. */
    long retryAtNanos = Long.MAX_VALUE;
    /** How often it was sent. */
    int attempts;
    /** Index of the only member it went to last time. */
    int soleRecipient = NOBODY;
    /** Indexes of the only members that are to answer what was sent last; none for all. */
    List<Integer> responders = List.of();
    /** When it was first sent. */
    long sentAtNanos;
    /** Whether some transport took it: from then on it may be executed. */
    boolean handedOver;

    boolean retryQueued;
    boolean done;

    /** What the believed leader asked the client to wait when it last refused; 0 if it did not. */
    int leaderRetryAfterMillis;
    /** The first bundle it went out in; null before. */
    BundleTicket ticket;

    OrderedRequest(ByteString operation, CompletableFuture<byte[]> future, long deadlineNanos, int members) {
        this.operation = operation;
        this.future = future;
        this.deadlineNanos = deadlineNanos;
        this.votes = new Votes(members);
    }

    /** Counts the requests of a bundle that have no result yet. */
    static final class BundleTicket {
        int unanswered;

        BundleTicket(int unanswered) {
            this.unanswered = unanswered;
        }
    }
}
