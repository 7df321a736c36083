package io.atlassmr.simulation.check;

import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import java.util.ArrayList;
import java.util.List;

/** What the clients of a run asked for and were told, with the order of beginnings and ends. */
public final class History {

    /** How an operation ended for its client. */
    public enum Outcome {
        /** It has not ended, or nobody knows whether it was executed. */
        UNKNOWN,
        /** It has a result. */
        ANSWERED,
        /** The client was promised that it was not executed and never will be. */
        NOT_EXECUTED
    }

    /** One operation of a client. Moments are positions in the order of all beginnings and ends. */
    public static final class Entry {
        private final int client;
        private final KvOperation operation;
        private final long invokedAt;
        private long endedAt = Long.MAX_VALUE;
        private Outcome outcome = Outcome.UNKNOWN;
        private KvResult result;

        private Entry(int client, KvOperation operation, long invokedAt) {
            this.client = client;
            this.operation = operation;
            this.invokedAt = invokedAt;
        }

        /** Who asked. */
        public int client() {
            return client;
        }

        /** What was asked for. */
        public KvOperation operation() {
            return operation;
        }

        /** When it began. */
        public long invokedAt() {
            return invokedAt;
        }

        /** When it ended, {@link Long#MAX_VALUE} if its outcome is unknown. */
        public long endedAt() {
            return endedAt;
        }

        /** How it ended. */
        public Outcome outcome() {
            return outcome;
        }

        /** The answer, null unless there is one. */
        public KvResult result() {
            return result;
        }

        @Override
        public String toString() {
            return "[" + invokedAt + "," + (endedAt == Long.MAX_VALUE ? "?" : endedAt) + "] client " + client + " "
                    + operation + " -> " + (result == null ? outcome : result);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private long moment;

    /** An operation begins. */
    public Entry invoke(int client, KvOperation operation) {
        Entry entry = new Entry(client, operation, moment++);
        entries.add(entry);
        return entry;
    }

    /** It has its result. */
    public void answer(Entry entry, KvResult result) {
        entry.endedAt = moment++;
        entry.outcome = Outcome.ANSWERED;
        entry.result = result;
    }

    /** It was promised not to be executed. */
    public void refuse(Entry entry) {
        entry.endedAt = moment++;
        entry.outcome = Outcome.NOT_EXECUTED;
    }

    /** All operations in the order they began in. */
    public List<Entry> entries() {
        return entries;
    }
}
