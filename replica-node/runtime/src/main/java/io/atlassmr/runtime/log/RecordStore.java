package io.atlassmr.runtime.log;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.LogRecord.AbstentionRecord;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The protocol's records in a {@link PersistentLog}. A batch is stored once: votes and decisions refer to it. {@link RecordCodec} has the
 * layout. Written by one thread; {@link #decision} may be called from any.
 */
public final class RecordStore {

    private final PersistentLog log;
    private final StorageCondition condition;
    private final boolean restarted;
    private final RecordEncoder encoder = new RecordEncoder();

    /**
     * Opens the records of one replica of one cluster, and makes those that are there durable.
     *
     * @param genesis whether an empty log is that of a replica that never ran; otherwise an empty log is one that was lost, and
     *     the replica abstains until nothing it may have forgotten can matter
     * @throws IOException if the log cannot be read, or is another replica's or cluster's
     */
    public RecordStore(PersistentLog log, String clusterId, int replicaId, boolean genesis) throws IOException {
        this(log, clusterId, replicaId, genesis, new StorageCondition());
    }

    /**
     * Opens the records of one replica of one cluster, and makes those that are there durable.
     *
     * @param genesis whether an empty log is that of a replica that never ran; otherwise an empty log is one that was lost, and
     *     the replica abstains until nothing it may have forgotten can matter
     * @param condition told of records that are damaged
     * @throws IOException if the log cannot be read, or is another replica's or cluster's
     */
    public RecordStore(PersistentLog log, String clusterId, int replicaId, boolean genesis, StorageCondition condition)
            throws IOException {
        this.log = log;
        this.condition = condition;
        byte[] identity = (clusterId + "\0" + replicaId).getBytes(StandardCharsets.UTF_8);
        byte[] stored = owner();
        if (stored == null) {
            log.write(List.of(
                    RecordCodec.identity(identity),
                    RecordCodec.abstention(genesis ? AbstentionRecord.NONE : AbstentionRecord.UNKNOWN)));
        } else if (!Arrays.equals(stored, identity)) {
            throw new IOException("the store belongs to \""
                    + new String(stored, StandardCharsets.UTF_8).replace("\0", "\" replica ") + ", this is replica "
                    + replicaId + " of \"" + clusterId + "\": give each replica a storage path of its own");
        }
        restarted = stored != null || !genesis;
        // What an earlier run wrote and did not sync may be here after it was killed. It is read back and spoken of as
        // if it were durable, so it must be.
        log.sync();
        log.scan(RecordFamily.EVIDENCE, 0, (key, _) -> {
            encoder.hasEvidence(key);
            return true;
        });
    }

    private byte[] owner() throws IOException {
        try {
            return read(RecordFamily.META, RecordCodec.IDENTITY_KEY, RecordCodec.KIND_IDENTITY);
        } catch (CorruptRecordException e) {
            throw new IOException(
                    "whose store this is cannot be read (" + e.getMessage()
                            + "): if it is this replica's, empty its directory and let the replica join as a wiped one",
                    e);
        }
    }

    /**
     * Writes records as one atomic step, not yet durable.
     *
     * @throws IOException if the log does not take them
     */
    public void write(List<LogRecord> records) throws IOException {
        apply(encode(records));
    }

    /** Writes what {@link #encode} gave, not yet durable; writing it again changes nothing. */
    public void apply(List<LogWrite> writes) throws IOException {
        log.write(writes);
    }

    /** Makes a log that failed take writes again: see {@link PersistentLog#recover}. */
    public void recover() throws IOException {
        log.recover();
    }

    /** The changes that these records are. They have to be applied, in the order in which they were encoded. */
    public List<LogWrite> encode(List<LogRecord> records) {
        return encoder.encode(records);
    }

    /** Makes everything written durable. */
    public void sync() throws IOException {
        log.sync();
    }

    /**
     * The proofs in the order in which they came; damaged ones are left out.
     *
     * @throws IOException if the log cannot be read
     */
    public List<Proof> evidence() throws IOException {
        List<Proof> proofs = new ArrayList<>();
        log.scan(RecordFamily.EVIDENCE, 0, (key, stored) -> {
            try {
                proofs.add(RecordCodec.proof(key, stored));
            } catch (IOException e) {
                condition.damaged(e.getMessage());
            }
            return true;
        });
        return proofs;
    }

    byte[] read(RecordFamily family, long key, byte kind) throws IOException {
        byte[] stored = log.read(family, key);
        return stored == null ? null : RecordCodec.payload(family, key, kind, stored);
    }

    /**
     * The decision at this position, null if it is not in the log.
     *
     * @throws IOException if the record or its body is damaged
     */
    public Decision decision(long sequenceNumber) throws IOException {
        byte[] payload = read(RecordFamily.DECISIONS, sequenceNumber, RecordCodec.KIND_DECISION);
        if (payload == null) {
            return null;
        }
        RecordCodec.Decided decided = RecordCodec.decided(sequenceNumber, payload);
        Certificate certificate = decided.certificate();
        return new Decision(certificate, body(decided.bodyKey(), certificate.digest()));
    }

    /** The body that is expected at this key. */
    Batch body(long key, Digest digest) throws IOException {
        return RecordCodec.body(key, read(RecordFamily.BATCHES, key, RecordCodec.KIND_BATCH), digest);
    }

    /** The decision at this place, null if it is not in the log or damaged, which is reported. */
    Decision sound(long sequenceNumber) throws IOException {
        try {
            return decision(sequenceNumber);
        } catch (CorruptRecordException e) {
            condition.damaged(e.getMessage());
            return null;
        }
    }

    /**
     * The decisions that began epochs, from this one on, without gaps; they end before one that is damaged, which is reported.
     *
     * @param most how many at most
     * @throws IOException if the log cannot be read
     */
    public List<Decision> epochs(long fromEpoch, int most) throws IOException {
        List<Decision> decisions = new ArrayList<>();
        for (long epoch = Math.max(2, fromEpoch); decisions.size() < most; epoch++) {
            long key = epoch;
            try {
                byte[] payload = read(RecordFamily.EPOCHS, key, RecordCodec.KIND_EPOCH);
                if (payload == null) {
                    break;
                }
                decisions.add(RecordCodec.epoch(key, payload));
            } catch (CorruptRecordException e) {
                condition.damaged(e.getMessage());
                break;
            }
        }
        return decisions;
    }

    /**
     * The epochs that are known here.
     *
     * @throws IOException if the log cannot be read, or they are not this cluster's
     */
    public EpochHistory history(Membership genesis) throws IOException {
        EpochHistory history = EpochHistory.of(genesis);
        try {
            for (Decision decision : epochs(2, Integer.MAX_VALUE)) {
                history = history.plus(decision.batch().epoch());
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the epochs in the log do not follow from the cluster file: " + e.getMessage(), e);
        }
        return history;
    }

    /**
     * Up to where decisions and votes are pruned, 0 if nothing is.
     *
     * @throws IOException if it cannot be read
     */
    public long prunedUpTo() throws IOException {
        byte[] payload = read(RecordFamily.META, RecordCodec.PRUNED_KEY, RecordCodec.KIND_PRUNED);
        return payload == null ? 0 : ByteBuffer.wrap(payload).getLong();
    }

    /**
     * The certificates of the stable checkpoints that are kept, newest first. One that is damaged is left out: an older
     * checkpoint, or the peers, have to serve.
     *
     * @throws IOException if the log cannot be read
     */
    public List<Certificate> checkpoints() throws IOException {
        List<Certificate> certificates = new ArrayList<>();
        scan(RecordFamily.CHECKPOINTS, 0, (key, stored) -> {
            try {
                byte[] payload =
                        RecordCodec.payload(RecordFamily.CHECKPOINTS, key, RecordCodec.KIND_CHECKPOINT, stored);
                certificates.addFirst(RecordCodec.certificate(RecordFamily.CHECKPOINTS, key, payload));
            } catch (CorruptRecordException e) {
                condition.damaged(e.getMessage());
            }
        });
        return certificates;
    }

    /**
     * What the log remembers, with {@code lastExecuted} equal to {@code lastDecided}: the caller executes the decisions first.
     * Damage is reported, and turned into what it means: decisions from the first damaged one on have to be fetched; a vote or
     * view that cannot be read makes this replica one that lost its votes, durably.
     *
     * @param window how many of the last decisions to give
     * @param checkpoint certificate of the stable checkpoint that execution starts from, null for the initial state
     * @throws IOException if the log cannot be read or written
     */
    public OrderingState load(int window, Certificate checkpoint) throws IOException {
        return new Remembrance(this, log, encoder, condition).load(window, checkpoint, restarted);
    }

    interface Loader {
        void load(long key, byte[] stored) throws IOException;
    }

    void scan(RecordFamily family, long fromKey, Loader loader) throws IOException {
        try {
            log.scan(family, fromKey, (key, stored) -> {
                try {
                    loader.load(key, stored);
                    return true;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
