package io.atlassmr.simulation.scenario;

import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.session.DuplicateFilter;
import io.atlassmr.protocol.verify.MessageVerification;
import io.atlassmr.runtime.port.PersistentLog;
import java.util.function.UnaryOperator;

/**
 * The places where a test puts a bug into the replicas of a run, to see it found.
 *
 * @param quorum the sizes that the membership goes by
 * @param verification what replicas believe
 * @param duplicates what replicas execute
 * @param log what replicas write
 * @param remembered what replicas read back after a restart
 */
public record Seams(
        UnaryOperator<Quorum> quorum,
        UnaryOperator<MessageVerification> verification,
        UnaryOperator<DuplicateFilter> duplicates,
        UnaryOperator<PersistentLog> log,
        UnaryOperator<OrderingState> remembered) {

    /** Replicas as they are. */
    public static Seams none() {
        return new Seams(
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity());
    }

    /** These with other quorum sizes. */
    public Seams withQuorum(UnaryOperator<Quorum> other) {
        return new Seams(other, verification, duplicates, log, remembered);
    }

    /** These with another verification. */
    public Seams withVerification(UnaryOperator<MessageVerification> other) {
        return new Seams(quorum, other, duplicates, log, remembered);
    }

    /** These with another filter of duplicates. */
    public Seams withDuplicates(UnaryOperator<DuplicateFilter> other) {
        return new Seams(quorum, verification, other, log, remembered);
    }

    /** These with another log. */
    public Seams withLog(UnaryOperator<PersistentLog> other) {
        return new Seams(quorum, verification, duplicates, other, remembered);
    }

    /** These with another memory after a restart. */
    public Seams withRemembered(UnaryOperator<OrderingState> other) {
        return new Seams(quorum, verification, duplicates, log, other);
    }
}
