package io.atlassmr.simulation.check;

import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Looks for an order of the operations on one register that explains all answers: Wing and Gong's search with Lowe's memory of
 * configurations that led nowhere ("Testing for linearizability", 2017). Three facts shorten it, none changes its result:
 *
 * <ul>
 *   <li>An answered operation that changes nothing goes first where its answer is right: it is in nobody's way.
 *   <li>A value that only one operation writes never comes back, so it is not replaced before all who saw it had their turn.
 *   <li>An operation of unknown outcome, which may take effect at any time after its beginning or never, has its turn right
 *       before one whose outcome depends on it: anywhere else it could as well be left out.
 * </ul>
 */
final class LinearizationSearch {

    private static final int MAX_CONFIGURATIONS = 2_000_000;

    private record Configuration(BitSet ordered, Bytes value) {}

    /** Answered operations by beginning, then those of unknown outcome. */
    private final List<RegisterOperation> operations;

    private final int answered;
    private final BitSet ordered = new BitSet();
    private final Set<Configuration> fruitless = new HashSet<>();
    /** For each value that one operation alone writes, who saw it. */
    private final Map<Bytes, BitSet> observers = new HashMap<>();

    LinearizationSearch(List<RegisterOperation> all) {
        operations = new ArrayList<>(all);
        operations.sort(Comparator.comparing((RegisterOperation operation) -> operation.result() == null)
                .thenComparingLong(RegisterOperation::invokedAt));
        answered = (int)
                all.stream().filter(operation -> operation.result() != null).count();
        Set<Bytes> severalTimes = new HashSet<>();
        for (RegisterOperation operation : operations) {
            Bytes written = written(operation.operation());
            if (written != null && observers.put(written, new BitSet()) != null) {
                severalTimes.add(written);
            }
        }
        severalTimes.forEach(observers::remove);
        for (int i = 0; i < answered; i++) {
            BitSet ofValue = observers.get(observed(operations.get(i)));
            if (ofValue != null) {
                ofValue.set(i);
            }
        }
    }

    private static Bytes written(KvOperation.OnKey operation) {
        return switch (operation) {
            case KvOperation.Put put -> put.value();
            case KvOperation.CompareAndSet cas -> cas.replacement();
            case KvOperation.Get _, KvOperation.Delete _ -> null;
        };
    }

    private static Bytes observed(RegisterOperation operation) {
        return switch (operation.result()) {
            case KvResult.Found found -> found.value();
            case KvResult.NotSwapped notSwapped -> notSwapped.actual().orElse(null);
            case KvResult.Swapped _ ->
                ((KvOperation.CompareAndSet) operation.operation()).expected().orElse(null);
            default -> null;
        };
    }

    /** Whether there is such an order, from a register that holds nothing. */
    boolean succeeds() {
        return succeedsFrom(null);
    }

    private boolean succeedsFrom(Bytes value) {
        List<Integer> settled = orderSettled(value);
        boolean succeeds = succeedsBySteps(value);
        settled.forEach(ordered::clear);
        return succeeds;
    }

    /** Puts next, one after the other, what changes nothing and has the right answer here: it never has to wait. */
    private List<Integer> orderSettled(Bytes value) {
        List<Integer> settled = new ArrayList<>();
        for (int next = nextSettled(value); next >= 0; next = nextSettled(value)) {
            ordered.set(next);
            settled.add(next);
        }
        return settled;
    }

    private int nextSettled(Bytes value) {
        int first = ordered.nextClearBit(0);
        if (first < answered) {
            long firstEnd = firstEnd(first);
            for (int i = first; isCandidate(i, firstEnd); i = ordered.nextClearBit(i + 1)) {
                if (isSettled(operations.get(i), value)) {
                    return i;
                }
            }
        }
        return -1;
    }

    private boolean succeedsBySteps(Bytes value) {
        int first = ordered.nextClearBit(0);
        if (first >= answered) {
            return true;
        }
        Configuration here = new Configuration((BitSet) ordered.clone(), value);
        if (fruitless.contains(here)) {
            return false;
        }
        if (succeedsBeyond(first, value)) {
            return true;
        }
        if (fruitless.size() >= MAX_CONFIGURATIONS) {
            throw new Violation("linearizability: the history is too long to be decided");
        }
        fruitless.add(here);
        return false;
    }

    private boolean succeedsBeyond(int first, Bytes value) {
        long firstEnd = firstEnd(first);
        for (int i = first; isCandidate(i, firstEnd); i = ordered.nextClearBit(i + 1)) {
            if (succeedsWith(i, value, firstEnd)) {
                return true;
            }
        }
        return false;
    }

    /** Only those that began before the first end of the rest can be next. */
    private boolean isCandidate(int index, long firstEnd) {
        return index < answered && operations.get(index).invokedAt() < firstEnd;
    }

    private long firstEnd(int first) {
        long end = Long.MAX_VALUE;
        for (int i = first; isCandidate(i, end); i = ordered.nextClearBit(i + 1)) {
            end = Math.min(end, operations.get(i).endedAt());
        }
        return end;
    }

    private static boolean isSettled(RegisterOperation operation, Bytes value) {
        RegisterOperation.Step step = operation.applyTo(value);
        return step.result().equals(operation.result()) && Objects.equals(step.value(), value);
    }

    private boolean succeedsAfter(int next, Bytes value) {
        ordered.set(next);
        boolean succeeds = succeedsFrom(value);
        ordered.clear(next);
        return succeeds;
    }

    /** Puts this operation next, after those of unknown outcome that it takes. */
    private boolean succeedsWith(int next, Bytes value, long firstEnd) {
        RegisterOperation operation = operations.get(next);
        RegisterOperation.Step step = operation.applyTo(value);
        if (step.result().equals(operation.result())) {
            boolean replaces = !Objects.equals(step.value(), value);
            return (!replaces || isSeenEnough(value, next)) && succeedsAfter(next, step.value());
        }
        if (!isSeenEnough(value, next)) {
            return false;
        }
        for (int i = ordered.nextClearBit(answered); i < operations.size(); i = ordered.nextClearBit(i + 1)) {
            RegisterOperation unknown = operations.get(i);
            Bytes changed = unknown.applyTo(value).value();
            if (unknown.invokedAt() < firstEnd && !Objects.equals(changed, value) && mayMatter(operation, changed, i)) {
                ordered.set(i);
                boolean succeeds = succeedsWith(next, changed, firstEnd);
                ordered.clear(i);
                if (succeeds) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the value may be replaced by this operation. */
    private boolean isSeenEnough(Bytes value, int by) {
        BitSet missing = observers.get(value);
        if (missing == null) {
            return true;
        }
        BitSet rest = (BitSet) missing.clone();
        rest.andNot(ordered);
        rest.clear(by);
        return rest.isEmpty();
    }

    /** Whether the value makes the answer right, or lets another operation of unknown outcome take effect that might. */
    private boolean mayMatter(RegisterOperation answer, Bytes value, int index) {
        if (answer.applyTo(value).result().equals(answer.result())) {
            return true;
        }
        for (int i = ordered.nextClearBit(answered); i < operations.size(); i = ordered.nextClearBit(i + 1)) {
            if (i != index
                    && operations.get(i).operation() instanceof KvOperation.CompareAndSet cas
                    && Objects.equals(cas.expected().orElse(null), value)) {
                return true;
            }
        }
        return false;
    }
}
