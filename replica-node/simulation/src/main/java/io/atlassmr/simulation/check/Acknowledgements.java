package io.atlassmr.simulation.check;

import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvOperation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds what clients were told against what was executed. Writes carry values that are written once in a run, so that each can
 * be found again.
 */
public final class Acknowledgements {

    private Acknowledgements() {}

    /**
     * Throws a {@link Violation} unless every answered write was executed once with that answer, and none that was promised
     * not to be.
     *
     * @param executions everything that a replica executed, from the first decision on
     */
    public static void check(History history, List<ExecutionLog.Execution> executions) {
        Map<Bytes, ExecutionLog.Execution> byOperation = new HashMap<>();
        for (ExecutionLog.Execution execution : executions) {
            Bytes operation = Bytes.copyOf(execution.operation());
            if (isUnique(operation) && byOperation.put(operation, execution) != null) {
                throw new Violation("exactly once: " + operation + " was executed under two numbers");
            }
        }
        for (History.Entry entry : history.entries()) {
            Bytes operation = Bytes.copyOf(KvCodec.encodeOperation(entry.operation()));
            if (!isUnique(entry.operation())) {
                continue;
            }
            ExecutionLog.Execution execution = byOperation.get(operation);
            switch (entry.outcome()) {
                case ANSWERED -> requireAnswer(entry, execution);
                case NOT_EXECUTED -> {
                    if (execution != null) {
                        throw new Violation("a request was executed that its client was told is not: " + entry);
                    }
                }
                case UNKNOWN -> {}
            }
        }
    }

    private static void requireAnswer(History.Entry entry, ExecutionLog.Execution execution) {
        if (execution == null) {
            throw new Violation("an acknowledged request is lost: " + entry);
        }
        if (!KvCodec.decodeResult(execution.reply().result()).equals(entry.result())) {
            throw new Violation("a client was told another answer than the one at "
                    + execution.reply().sequenceNumber() + ": " + entry);
        }
    }

    private static boolean isUnique(Bytes encoded) {
        try {
            return isUnique(KvCodec.decodeOperation(encoded.toByteArray()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isUnique(KvOperation operation) {
        return switch (operation) {
            case KvOperation.Put _, KvOperation.CompareAndSet _ -> true;
            case KvOperation.Get _, KvOperation.Delete _, KvOperation.Scan _, KvOperation.Noop _ -> false;
        };
    }
}
