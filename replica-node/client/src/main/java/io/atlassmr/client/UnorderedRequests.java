package io.atlassmr.client;

import com.google.protobuf.ByteString;
import io.atlassmr.client.quorum.QuorumSizes;
import io.atlassmr.client.quorum.Votes;
import io.atlassmr.wire.v1.Reply;
import io.atlassmr.wire.v1.ReplyStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The unordered requests of a client: believed when a quorum gives the same answer, handed back to be ordered when it
 * does not, cannot anymore, or takes too long. Has no thread, clock or socket. Guarded by the client's lock.
 */
final class UnorderedRequests {

    private final ClientOptions options;
    private QuorumSizes sizes;
    private final NumberWindow<Read> window = new NumberWindow<>(1);
    private long bytes;

    UnorderedRequests(ClientOptions options, QuorumSizes sizes) {
        this.options = options;
        this.sizes = sizes;
    }

    /** Whether another request of this size can be taken on. */
    boolean hasRoomFor(int operationBytes) {
        return window.hasRoom()
                && window.count() < options.maxOutstanding()
                && bytes + operationBytes <= options.maxBufferedBytes();
    }

    /** Takes a request on and numbers it. */
    Read submit(ByteString operation, CompletableFuture<byte[]> future, long nowNanos) {
        Read read = new Read(
                operation,
                future,
                nowNanos + options.requestTimeout().toNanos(),
                nowNanos
                        + Math.min(
                                options.unorderedTimeout().toNanos(),
                                options.requestTimeout().toNanos()),
                new Votes(sizes.n()));
        read.number = window.add(read);
        bytes += operation.size();
        return read;
    }

    /** It was sent to so many replicas; the others cannot answer. Adds to {@code toOrder} if that is too few. */
    void sent(Read read, int recipients, List<Read> toOrder) {
        read.recipients = recipients;
        orderIfHopeless(read, toOrder);
    }

    /** Whether a reply with this number is of use. */
    boolean awaits(long number) {
        return window.get(number) != null;
    }

    /** Counts a verified reply; a member's first one stands. */
    void reply(int memberIndex, Reply reply, Completions completions, List<Read> toOrder) {
        Read read = window.get(reply.getNumber());
        if (read == null || read.votes.has(memberIndex)) {
            return;
        }
        read.votes.put(memberIndex, reply);
        if (isAnswer(reply.getStatus())) {
            int agreeing = read.votes.agreeing(reply);
            read.mostAgreeing = Math.max(read.mostAgreeing, agreeing);
            if (agreeing >= sizes.quorum()) {
                believe(read, reply, completions);
                return;
            }
        }
        orderIfHopeless(read, toOrder);
    }

    /**
     * Adds to {@code toOrder} what has waited too long.
     *
     * @return when to call again; {@link Long#MAX_VALUE} for never
     */
    long tick(long nowNanos, List<Read> toOrder) {
        long next = Long.MAX_VALUE;
        for (Read read : window.items()) {
            if (read.giveUpAtNanos <= nowNanos) {
                finish(read);
                toOrder.add(read);
            } else {
                next = Math.min(next, read.giveUpAtNanos);
            }
        }
        return next;
    }

    /** The cluster has other members: what was asked of those before is ordered instead. */
    void follow(QuorumSizes laterSizes, List<Read> toOrder) {
        sizes = laterSizes;
        for (Read read : window.items()) {
            finish(read);
            toOrder.add(read);
        }
    }

    /** Fails everything, because the client closes. */
    void close(Completions completions) {
        for (Read read : window.items()) {
            finish(read);
            completions.fail(read.future, new ClientClosedException(false));
        }
    }

    private void believe(Read read, Reply reply, Completions completions) {
        finish(read);
        byte[] result = reply.getResult().toByteArray();
        if (reply.getStatus() == ReplyStatus.OK) {
            completions.succeed(read.future, result);
        } else {
            completions.fail(read.future, new ApplicationException(result));
        }
    }

    private void orderIfHopeless(Read read, List<Read> toOrder) {
        int silent = read.recipients - read.votes.count();
        if (!read.done && read.mostAgreeing + silent < sizes.quorum()) {
            finish(read);
            toOrder.add(read);
        }
    }

    private void finish(Read read) {
        read.done = true;
        window.remove(read.number);
        bytes -= read.operation.size();
    }

    private static boolean isAnswer(ReplyStatus status) {
        return status == ReplyStatus.OK || status == ReplyStatus.APPLICATION_ERROR;
    }

    /** One unordered request. */
    static final class Read {
        final ByteString operation;
        final CompletableFuture<byte[]> future;
        final long deadlineNanos;
        final long giveUpAtNanos;
        final Votes votes;
        long number;
        int mostAgreeing;
        boolean done;
        // Until the sends are counted every replica may answer.
        int recipients = Integer.MAX_VALUE;

        Read(
                ByteString operation,
                CompletableFuture<byte[]> future,
                long deadlineNanos,
                long giveUpAtNanos,
                Votes votes) {
            this.operation = operation;
            this.future = future;
            this.deadlineNanos = deadlineNanos;
            this.giveUpAtNanos = giveUpAtNanos;
            this.votes = votes;
        }
    }
}
