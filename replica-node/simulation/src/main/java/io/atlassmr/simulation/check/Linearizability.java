package io.atlassmr.simulation.check;

import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides whether a history of the key-value store is linearizable, key by key, as linearizability is local (Herlihy and Wing).
 * The search is Wing and Gong's with Lowe's memory of configurations seen ("Testing for linearizability", 2017). An operation
 * of unknown outcome may take effect at any time after its beginning, or never.
 */
public final class Linearizability {

    private static final int MAX_CONFIGURATIONS = 2_000_000;

    private Linearizability() {}

    /** Throws a {@link Violation} unless there is an order of the operations that explains all answers. */
    public static void check(History history) {
        for (Map.Entry<Bytes, List<RegisterOperation>> key :
                RegisterOperation.byKey(history).entrySet()) {
            if (!new Search(key.getValue()).succeeds()) {
                throw new Violation("linearizability: no order explains what clients saw of key "
                        + key.getKey() + ":\n"
                        + key.getValue().stream()
                                .sorted(Comparator.comparingLong(RegisterOperation::invokedAt))
                                .map(RegisterOperation::toString)
                                .collect(Collectors.joining("\n")));
            }
        }
    }

    /** Where an operation begins or ends, in a list of all of them from which those put in order are taken out. */
    private static final class Moment {
        final RegisterOperation operation;
        final int index;
        final long at;
        /** The end that belongs to a beginning; null if this is an end, or the operation has none. */
        Moment end;

        boolean isBeginning;
        Moment previous;
        Moment next;

        Moment(RegisterOperation operation, int index, long at, boolean isBeginning) {
            this.operation = operation;
            this.index = index;
            this.at = at;
            this.isBeginning = isBeginning;
        }

        void takeOut() {
            previous.next = next;
            if (next != null) {
                next.previous = previous;
            }
        }

        void putBack() {
            previous.next = this;
            if (next != null) {
                next.previous = this;
            }
        }
    }

    private record Choice(Moment beginning, Bytes valueBefore) {}

    private record Configuration(BitSet ordered, Bytes value) {}

    private static final class Search {

        private final Moment head = new Moment(null, -1, -1, true);
        private int unordered;

        Search(List<RegisterOperation> operations) {
            List<Moment> moments = new ArrayList<>();
            for (RegisterOperation operation : operations) {
                Moment beginning = new Moment(operation, moments.size(), operation.invokedAt(), true);
                moments.add(beginning);
                if (operation.result() != null) {
                    unordered++;
                    beginning.end = new Moment(operation, beginning.index, operation.endedAt(), false);
                    moments.add(beginning.end);
                }
            }
            moments.sort(Comparator.comparingLong(moment -> moment.at));
            Moment last = head;
            for (Moment moment : moments) {
                last.next = moment;
                moment.previous = last;
                last = moment;
            }
        }

        boolean succeeds() {
            Set<Configuration> seen = new HashSet<>();
            Deque<Choice> choices = new ArrayDeque<>();
            BitSet ordered = new BitSet();
            Bytes value = null;
            Moment moment = head.next;
            while (unordered > 0) {
                if (moment.isBeginning) {
                    RegisterOperation.Step step = moment.operation.applyTo(value);
                    KvResult told = moment.operation.result();
                    boolean explains = told == null || told.equals(step.result());
                    if (explains && isNew(seen, ordered, moment.index, step.value())) {
                        choices.push(new Choice(moment, value));
                        ordered.set(moment.index);
                        value = step.value();
                        order(moment);
                        moment = head.next;
                    } else {
                        moment = moment.next;
                    }
                } else if (choices.isEmpty()) {
                    return false;
                } else {
                    Choice last = choices.pop();
                    ordered.clear(last.beginning().index);
                    value = last.valueBefore();
                    takeBack(last.beginning());
                    moment = last.beginning().next;
                }
            }
            return true;
        }

        private static boolean isNew(Set<Configuration> seen, BitSet ordered, int index, Bytes value) {
            BitSet next = (BitSet) ordered.clone();
            next.set(index);
            if (seen.size() > MAX_CONFIGURATIONS) {
                throw new Violation("linearizability: the history is too long to be decided");
            }
            return seen.add(new Configuration(next, value));
        }

        private void order(Moment beginning) {
            beginning.takeOut();
            if (beginning.end != null) {
                beginning.end.takeOut();
                unordered--;
            }
        }

        private void takeBack(Moment beginning) {
            if (beginning.end != null) {
                beginning.end.putBack();
                unordered++;
            }
            beginning.putBack();
        }
    }
}
