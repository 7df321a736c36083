package io.atlassmr.simulation.scenario;

import io.atlassmr.api.ScalableApplication;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.session.DuplicateFilter;
import io.atlassmr.protocol.verify.MessageVerification;
import io.atlassmr.runtime.checkpoint.PartVerification;
import io.atlassmr.runtime.execution.ExecutionListener;
import io.atlassmr.runtime.execution.batch.BatchRunner;
import io.atlassmr.runtime.port.PersistentLog;
import java.util.function.BiFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The places where a test puts a bug into the replicas of a run, to see it found.
 *
 * @param quorum the sizes that the membership goes by
 * @param verification what replicas believe
 * @param duplicates what replicas execute
 * @param log what replicas write
 * @param remembered what replicas read back after a restart
 * @param parts what replicas believe of the states that peers give
 * @param results where the results of execution go
 * @param vouchers how many members vouch for a proposal
 * @param runner what executes the operations of a decision
 * @param epochDistance how many decisions after a change its epoch ends
 */
public record Seams(
        UnaryOperator<Quorum> quorum,
        BiFunction<MessageVerification, Supplier<Roster>, MessageVerification> verification,
        UnaryOperator<DuplicateFilter> duplicates,
        UnaryOperator<PersistentLog> log,
        UnaryOperator<OrderingState> remembered,
        PartVerification parts,
        UnaryOperator<ExecutionListener> results,
        IntUnaryOperator vouchers,
        BiFunction<ScalableApplication, BatchRunner, BatchRunner> runner,
        IntUnaryOperator epochDistance) {

    /** Replicas as they are. */
    public static Seams none() {
        return new Seams(
                UnaryOperator.identity(),
                (verification, _) -> verification,
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                PartVerification.BY_DIGEST,
                UnaryOperator.identity(),
                IntUnaryOperator.identity(),
                (_, runner) -> runner,
                IntUnaryOperator.identity());
    }

    /** These with other quorum sizes. */
    public Seams withQuorum(UnaryOperator<Quorum> other) {
        return new Seams(
                other, verification, duplicates, log, remembered, parts, results, vouchers, runner, epochDistance);
    }

    /** These with another verification. */
    public Seams withVerification(UnaryOperator<MessageVerification> other) {
        return withVerification((verification, _) -> other.apply(verification));
    }

    /** These with another verification, which is told whom the replica knows. */
    public Seams withVerification(BiFunction<MessageVerification, Supplier<Roster>, MessageVerification> other) {
        return new Seams(quorum, other, duplicates, log, remembered, parts, results, vouchers, runner, epochDistance);
    }

    /** These with another filter of duplicates. */
    public Seams withDuplicates(UnaryOperator<DuplicateFilter> other) {
        return new Seams(quorum, verification, other, log, remembered, parts, results, vouchers, runner, epochDistance);
    }

    /** These with another log. */
    public Seams withLog(UnaryOperator<PersistentLog> other) {
        return new Seams(
                quorum, verification, duplicates, other, remembered, parts, results, vouchers, runner, epochDistance);
    }

    /** These with another memory after a restart. */
    public Seams withRemembered(UnaryOperator<OrderingState> other) {
        return new Seams(quorum, verification, duplicates, log, other, parts, results, vouchers, runner, epochDistance);
    }

    /** These with another verification of parts. */
    public Seams withParts(PartVerification other) {
        return new Seams(
                quorum, verification, duplicates, log, remembered, other, results, vouchers, runner, epochDistance);
    }

    /** These with something between execution and what becomes of its results. */
    public Seams withResults(UnaryOperator<ExecutionListener> other) {
        return new Seams(
                quorum, verification, duplicates, log, remembered, parts, other, vouchers, runner, epochDistance);
    }

    /** These with another number of vouchers. */
    public Seams withVouchers(IntUnaryOperator other) {
        return new Seams(
                quorum, verification, duplicates, log, remembered, parts, results, other, runner, epochDistance);
    }

    /** These with another way to execute. */
    public Seams withRunner(BiFunction<ScalableApplication, BatchRunner, BatchRunner> other) {
        return new Seams(
                quorum, verification, duplicates, log, remembered, parts, results, vouchers, other, epochDistance);
    }

    /** These with other ends of epochs. */
    public Seams withEpochDistance(IntUnaryOperator other) {
        return new Seams(quorum, verification, duplicates, log, remembered, parts, results, vouchers, runner, other);
    }
}
