package io.atlassmr.protocol.ordering;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Signed;
import java.util.List;

/**
 * What a replica's log remembers at start.
 *
 * @param restarted whether the log was written by an earlier run, which may have said more than the log remembers
 * @param view the lowest view it may vote in
 * @param active whether that view was open
 * @param newView what opened it; null in view 0 or when not active
 * @param checkpoint certificate of the newest stable checkpoint held, null if there is none
 * @param firstAvailable the lowest decision in the log, 1 before anything was pruned
 * @param abstention what it abstains from
 * @param silentUpTo the log once had the decisions up to here; where that is above {@code lastDecided}, damage has taken some,
 *     and votes at their places are forgotten: the replica says nothing until it has them again
 * @param lastDecided the decisions up to here are in the log, or in the checkpoint
 * @param lastExecuted the application's state holds the decisions up to here
 * @param recentDecisions the last window of decisions, or those above the checkpoint, ascending, ending at {@code lastDecided}
 * @param prepares votes, the last for each sequence number above {@code lastDecided} and {@code silentUpTo}
 * @param commits prepared certificates, the highest view's for each such sequence number
 */
public record OrderingState(
        boolean restarted,
        long view,
        boolean active,
        Signed<NewView> newView,
        Certificate checkpoint,
        long firstAvailable,
        LogRecord.AbstentionRecord abstention,
        long silentUpTo,
        long lastDecided,
        long lastExecuted,
        List<Decision> recentDecisions,
        List<LogRecord.PrepareRecord> prepares,
        List<LogRecord.CommitRecord> commits) {

    public OrderingState {
        recentDecisions = List.copyOf(recentDecisions);
        prepares = List.copyOf(prepares);
        commits = List.copyOf(commits);
    }

    /** The state of a replica that has done nothing yet. */
    public static OrderingState initial() {
        return concluded(0, 0, 0, List.of());
    }

    /** What an epoch leaves to the next in a process that goes on. */
    static OrderingState concluded(
            long lastCommitted, long lastDelivered, long lastExecuted, List<Decision> recentDecisions) {
        return new OrderingState(
                false,
                0,
                true,
                null,
                null,
                1,
                LogRecord.AbstentionRecord.NONE,
                lastCommitted,
                lastDelivered,
                lastExecuted,
                recentDecisions,
                List.of(),
                List.of());
    }
}
