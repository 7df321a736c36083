package io.atlassmr.runtime.orchestrator;

import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Vote;
import io.atlassmr.protocol.ordering.AwaitedVotes;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the event loop need not be woken for: votes that do not make a quorum, and the execution of what was decided last. With one batch
 * under way, which is what a client sees that waits for each answer, these are more than half of all events. They are taken with the
 * next event, or when the loop wakes for its timers.
 *
 * <p>Written by the event loop before it looks for events the last time, read by those who bring one after they have put it into its
 * channel: an event that is not counted here was seen by that look.
 */
final class QuietEvents {

    private record Missing(AwaitedVotes votes, AtomicInteger prepares, AtomicInteger commits) {}

    private volatile Missing missing;
    private volatile boolean executionWaits;

    /**
     * The event loop goes to sleep.
     *
     * @param votes what agreement waits for, null if any vote may be of use
     * @param executionCanWait whether nothing waits for the application
     */
    void sleep(AwaitedVotes votes, boolean executionCanWait) {
        missing = votes == null
                ? null
                : new Missing(votes, new AtomicInteger(votes.prepares()), new AtomicInteger(votes.commits()));
        executionWaits = executionCanWait;
    }

    /** The event loop is awake. */
    void awake() {
        missing = null;
        executionWaits = false;
    }

    /** Counts an event that is in its channel; whether the loop may sleep on. */
    boolean isQuiet(ProtocolEvent event) {
        Missing now = missing;
        return now != null
                && event instanceof ProtocolEvent.MessageReceived received
                && isQuiet(now, received.signed());
    }

    /** Whether this prepare is the last one that agreement waits for, as far as is known. */
    boolean completesPrepares(Signed<? extends ProtocolMessage> signed) {
        Missing now = missing;
        return now != null
                && signed.message() instanceof Prepare prepare
                && isAbout(now.votes(), signed.epoch(), prepare)
                && now.prepares().get() == 1;
    }

    private static boolean isAbout(AwaitedVotes awaited, long epoch, Vote vote) {
        return epoch == awaited.epoch()
                && vote.view() == awaited.view()
                && vote.sequenceNumber() == awaited.sequenceNumber()
                && vote.digest().equals(awaited.digest());
    }

    private static boolean isQuiet(Missing now, Signed<? extends ProtocolMessage> signed) {
        return signed.message() instanceof Vote vote
                && isAbout(now.votes(), signed.epoch(), vote)
                && switch (vote) {
                    case Prepare _ -> now.prepares().decrementAndGet() > 0;
                    case Commit _ -> now.commits().decrementAndGet() > 0;
                };
    }

    /** Whether the loop may sleep on while the application executes. */
    boolean isExecutionQuiet() {
        return executionWaits;
    }
}
