package io.atlassmr.runtime.execution.speculation;

import io.atlassmr.api.Change;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.OverlayView;
import io.atlassmr.api.ReadView;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.batch.EntriesRun;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.pcollections.TreePMap;

/**
 * The speculative execution of one batch, without its threads: optimistic concurrency control with backward validation
 * (Kung and Robinson, ACM TODS 6(2), 1981) in a given order.
 *
 * <p>An operation is attempted on the entries that those committed so far left, which never change under it. Operations are
 * settled in their order: an attempt counts if nothing it read, neither a key nor a range with its gaps, was written by a commit
 * that it did not see; else the operation is executed again, on the entries that all before it left. So each is executed at most
 * twice, an attempt that is thrown away has been seen by nobody, and what counts is what executing one after the other gives.
 *
 * <p>{@link #attempt} is for any thread; the rest for one. What comes out does not depend on which operations are attempted, or
 * when.
 */
public final class Speculation {

    private final ScalableApplication application;
    private final NavigableMap<byte[], Integer> lastWrites = new TreeMap<>(Arrays::compareUnsigned);
    private volatile Committed committed = new Committed(0, TreePMap.empty(Arrays::compareUnsigned));

    /** What the operations settled so far changed. */
    private record Committed(int commits, TreePMap<byte[], Change> changes) {}

    /** @param application whose entries are left alone until {@link #apply} */
    public Speculation(ScalableApplication application) {
        this.application = application;
    }

    /** An operation was executed ahead; nobody has seen what came of it. */
    public static final class Ahead {

        private final Attempt attempt;

        private Ahead(Attempt attempt) {
            this.attempt = attempt;
        }
    }

    /** How an operation was settled. */
    public enum Settlement {
        /** The attempt counts. */
        KEPT,
        /** It was executed again. */
        AGAIN
    }

    /**
     * A settled operation.
     *
     * @param reply what it gave
     */
    public record Settled(Reply reply, Settlement settlement) {}

    /** Executes an operation ahead. */
    public Ahead attempt(ClientRequest request, OrderedContext context) {
        Committed seen = committed;
        ReadSet reads = new ReadSet();
        Attempt.Outcome outcome;
        try {
            outcome = new Attempt.Ran(
                    EntriesRun.of(application, request, context, new TrackedEntries(entries(seen), reads)));
        } catch (Error e) {
            // Whether this stops the replica is known only once it is known to count.
            outcome = new Attempt.Broke(e);
        }
        return new Ahead(new Attempt(context, seen.commits(), reads, outcome));
    }

    /** Settles the next operation, which was executed ahead. */
    public Settled settle(Ahead ahead, ClientRequest request, OrderedContext context) {
        Attempt attempt = ahead.attempt;
        boolean counts =
                attempt.context().equals(context) && !attempt.reads().conflictsWith(lastWrites, attempt.commits());
        if (!counts) {
            return new Settled(execute(request, context), Settlement.AGAIN);
        }
        return switch (attempt.outcome()) {
            case Attempt.Broke(Error error) -> throw error;
            case Attempt.Ran(EntriesRun run) -> new Settled(commit(run), Settlement.KEPT);
        };
    }

    /** Executes and settles the next operation. */
    public Reply execute(ClientRequest request, OrderedContext context) {
        return commit(EntriesRun.of(application, request, context, entries(committed)));
    }

    private Reply commit(EntriesRun run) {
        Committed before = committed;
        TreePMap<byte[], Change> changes = before.changes();
        for (Change change : run.changes()) {
            lastWrites.put(change.key(), before.commits());
            changes = changes.plus(change.key(), change);
        }
        committed = new Committed(before.commits() + 1, changes);
        return run.reply();
    }

    private ReadView entries(Committed seen) {
        ReadView base = application.entries();
        return seen.changes().isEmpty() ? base : new OverlayView(base, seen.changes());
    }

    /** Makes the changes of the settled operations in the application's entries. Nobody may be attempting. */
    public void apply() {
        List<Change> changes = List.copyOf(committed.changes().values());
        if (!changes.isEmpty()) {
            application.entries().apply(changes);
        }
    }
}
