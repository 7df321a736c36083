package io.atlassmr.runtime.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.LogRecord.AbstentionRecord;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.NewView;
import io.atlassmr.protocol.message.ProtocolCodec;
import io.atlassmr.protocol.message.Signed;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.runtime.port.RecordFamily;
import io.atlassmr.wire.v1.SignedProtocolMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * The protocol's records in a {@link PersistentLog}. A batch is stored once: votes and decisions refer to it. Written by one
 * thread; {@link #decision} may be called from any.
 *
 * <pre>
 * META       0        cluster id and replica id
 * META       1        up to where everything is pruned
 * META       2        what the replica abstains from, see {@link AbstentionRecord}
 * VIEWS      e-1      of the epoch e that was entered last: the lowest view to vote in, whether open, what opened it
 * BATCHES    2s       the body last prepared at s;   2s+1  the body of the prepared certificate, where that is another
 * VOTES      2s       the last prepare at s;         2s+1  the prepared certificate of the highest view
 * DECISIONS  s        which of the two bodies, and the commit certificate
 * CHECKPOINTS s       certificate of a stable checkpoint
 * EVIDENCE   n        a proof that a member is faulty, in its canonical form
 * EPOCHS     e        the decision that began epoch e, for ever
 * </pre>
 */
public final class RecordStore {

    static final byte KIND_IDENTITY = 1;
    static final byte KIND_VIEW = 2;
    static final byte KIND_BATCH = 3;
    static final byte KIND_PREPARE = 4;
    static final byte KIND_PREPARED = 5;
    static final byte KIND_DECISION = 6;
    static final byte KIND_CHECKPOINT = 8;
    static final byte KIND_PRUNED = 9;
    static final byte KIND_ABSTENTION = 10;
    static final byte KIND_EPOCH = 11;
    static final byte KIND_PROOF = 12;
    static final long PRUNED_KEY = 1;
    static final long ABSTENTION_KEY = 2;
    private static final int PRUNE_VOTES_EVERY = 1024;

    private final PersistentLog log;
    private final StorageCondition condition;
    private final TreeMap<Long, Digest> mainBodies = new TreeMap<>();
    private final TreeMap<Long, Digest> certifiedBodies = new TreeMap<>();
    private final boolean restarted;
    private long nextEvidence;

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
                    put(RecordFamily.META, 0, KIND_IDENTITY, identity),
                    abstention(genesis ? AbstentionRecord.NONE : AbstentionRecord.UNKNOWN)));
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
            nextEvidence = key + 1;
            return true;
        });
    }

    private byte[] owner() throws IOException {
        try {
            return read(RecordFamily.META, 0, KIND_IDENTITY);
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
        List<LogWrite> writes = new ArrayList<>(2 * records.size());
        for (LogRecord record : records) {
            switch (record) {
                case LogRecord.PrepareRecord r -> add(r, writes);
                case LogRecord.CommitRecord r -> add(r, writes);
                case LogRecord.DecisionRecord r -> add(r, writes);
                case LogRecord.ViewRecord r -> add(r, writes);
                case LogRecord.CheckpointRecord r -> add(r, writes);
                case AbstentionRecord r -> writes.add(abstention(r));
                case LogRecord.EvidenceRecord r -> add(r, writes);
                case LogRecord.EpochRecord(var decision) ->
                    writes.add(put(
                            RecordFamily.EPOCHS,
                            decision.batch().epoch().number(),
                            KIND_EPOCH,
                            ProtocolCodec.encode(decision).toByteArray()));
            }
        }
        return writes;
    }

    /** Makes everything written durable. */
    public void sync() throws IOException {
        log.sync();
    }

    private void add(LogRecord.PrepareRecord record, List<LogWrite> writes) {
        long s = record.sequenceNumber();
        if (record.certified() != null && !record.certified().digest().equals(certifiedBodies.get(s))) {
            putBody(2 * s + 1, record.certified(), writes);
            certifiedBodies.put(s, record.certified().digest());
        }
        if (!record.batch().digest().equals(mainBodies.get(s))) {
            putBody(2 * s, record.batch(), writes);
            mainBodies.put(s, record.batch().digest());
        }
        ByteBuffer payload = ByteBuffer.allocate(Long.BYTES).putLong(record.view());
        writes.add(put(RecordFamily.VOTES, 2 * s, KIND_PREPARE, payload.array()));
    }

    private void add(LogRecord.CommitRecord record, List<LogWrite> writes) {
        long s = record.certificate().sequenceNumber();
        if (place(s, record.batch().digest()) < 0) {
            putBody(2 * s + 1, record.batch(), writes);
            certifiedBodies.put(s, record.batch().digest());
        }
        byte[] certificate = ProtocolCodec.encode(record.certificate()).toByteArray();
        writes.add(put(RecordFamily.VOTES, 2 * s + 1, KIND_PREPARED, certificate));
    }

    private void add(LogRecord.DecisionRecord record, List<LogWrite> writes) {
        long s = record.certificate().sequenceNumber();
        int place = place(s, record.batch().digest());
        if (place < 0) {
            place = 0;
            putBody(2 * s, record.batch(), writes);
        }
        byte[] certificate = ProtocolCodec.encode(record.certificate()).toByteArray();
        byte[] payload = ByteBuffer.allocate(1 + certificate.length)
                .put((byte) place)
                .put(certificate)
                .array();
        writes.add(put(RecordFamily.DECISIONS, s, KIND_DECISION, payload));
        mainBodies.headMap(s, true).clear();
        certifiedBodies.headMap(s, true).clear();
        if (s % PRUNE_VOTES_EVERY == 0) {
            writes.add(new LogWrite.DeleteRange(RecordFamily.VOTES, 0, 2 * s + 2));
        }
    }

    private void add(LogRecord.ViewRecord record, List<LogWrite> writes) {
        byte[] newView = record.newView() == null
                ? new byte[0]
                : ProtocolCodec.encode(record.newView()).toByteArray();
        byte[] payload = ByteBuffer.allocate(Long.BYTES + 1 + newView.length)
                .putLong(record.view())
                .put((byte) (record.active() ? 1 : 0))
                .put(newView)
                .array();
        long key = record.epoch() - 1;
        writes.add(put(RecordFamily.VIEWS, key, KIND_VIEW, payload));
        if (key > 0) {
            writes.add(new LogWrite.DeleteRange(RecordFamily.VIEWS, 0, key));
        }
    }

    private void add(LogRecord.CheckpointRecord record, List<LogWrite> writes) {
        long s = record.certificate().sequenceNumber();
        byte[] certificate = ProtocolCodec.encode(record.certificate()).toByteArray();
        writes.add(put(RecordFamily.CHECKPOINTS, s, KIND_CHECKPOINT, certificate));
        long pruned = record.pruneUpTo();
        writes.add(pruned(pruned));
        writes.add(new LogWrite.DeleteRange(RecordFamily.CHECKPOINTS, 0, pruned));
        writes.add(new LogWrite.DeleteRange(RecordFamily.DECISIONS, 0, pruned + 1));
        writes.add(new LogWrite.DeleteRange(RecordFamily.BATCHES, 0, 2 * pruned + 2));
        writes.add(new LogWrite.DeleteRange(RecordFamily.VOTES, 0, 2 * pruned + 2));
        mainBodies.headMap(pruned, true).clear();
        certifiedBodies.headMap(pruned, true).clear();
    }

    static LogWrite pruned(long upTo) {
        byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(upTo).array();
        return put(RecordFamily.META, PRUNED_KEY, KIND_PRUNED, number);
    }

    static LogWrite abstention(AbstentionRecord record) {
        byte[] payload = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(record.until())
                .putLong(record.afterView())
                .array();
        return put(RecordFamily.META, ABSTENTION_KEY, KIND_ABSTENTION, payload);
    }

    AbstentionRecord abstention() throws IOException {
        byte[] payload = read(RecordFamily.META, ABSTENTION_KEY, KIND_ABSTENTION);
        if (payload == null) {
            return AbstentionRecord.NONE;
        }
        ByteBuffer record = ByteBuffer.wrap(payload);
        return new AbstentionRecord(record.getLong(), record.getLong());
    }

    private void add(LogRecord.EvidenceRecord record, List<LogWrite> writes) {
        byte[] payload = EvidenceCodec.encode(record.proof());
        writes.add(put(RecordFamily.EVIDENCE, nextEvidence++, KIND_PROOF, payload));
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
                proofs.add(proof(key, stored));
            } catch (IOException e) {
                condition.damaged(e.getMessage());
            }
            return true;
        });
        return proofs;
    }

    static Proof proof(long key, byte[] stored) throws IOException {
        byte[] payload = payload(RecordFamily.EVIDENCE, key, KIND_PROOF, stored);
        return parse(RecordFamily.EVIDENCE, key, () -> EvidenceCodec.decode(payload));
    }

    /** 0 if the body is stored as the prepared one, 1 as the certified one, -1 if it is not stored. */
    private int place(long sequenceNumber, Digest digest) {
        if (digest.equals(mainBodies.get(sequenceNumber))) {
            return 0;
        }
        return digest.equals(certifiedBodies.get(sequenceNumber)) ? 1 : -1;
    }

    private static void putBody(long key, Batch batch, List<LogWrite> writes) {
        writes.add(put(RecordFamily.BATCHES, key, KIND_BATCH, batch.encoded()));
    }

    private static LogWrite put(RecordFamily family, long key, byte kind, byte[] payload) {
        return new LogWrite.Put(family, key, RecordEnvelope.wrap(family, key, kind, payload));
    }

    byte[] read(RecordFamily family, long key, byte kind) throws IOException {
        byte[] stored = log.read(family, key);
        return stored == null ? null : payload(family, key, kind, stored);
    }

    static byte[] payload(RecordFamily family, long key, byte kind, byte[] stored) throws IOException {
        RecordEnvelope.Unwrapped record = RecordEnvelope.unwrap(family, key, stored);
        if (record.kind() != kind) {
            throw new CorruptRecordException(family, key, "it is of kind " + record.kind() + ", not " + kind);
        }
        return record.payload();
    }

    /**
     * The decision at this position, null if it is not in the log.
     *
     * @throws IOException if the record or its body is damaged
     */
    public Decision decision(long sequenceNumber) throws IOException {
        byte[] payload = read(RecordFamily.DECISIONS, sequenceNumber, KIND_DECISION);
        return payload == null ? null : decision(sequenceNumber, payload);
    }

    private Decision decision(long s, byte[] payload) throws IOException {
        return parse(RecordFamily.DECISIONS, s, () -> {
            Certificate certificate = ProtocolCodec.decode(
                    io.atlassmr.wire.v1.Certificate.parseFrom(ByteBuffer.wrap(payload, 1, payload.length - 1)));
            return new Decision(certificate, body(2 * s + payload[0], certificate.digest()));
        });
    }

    private Batch body(long key, Digest digest) throws IOException {
        byte[] bytes = read(RecordFamily.BATCHES, key, KIND_BATCH);
        if (bytes == null) {
            throw new CorruptRecordException(RecordFamily.BATCHES, key, "it is missing");
        }
        Batch batch = parse(RecordFamily.BATCHES, key, () -> BatchCodec.decode(bytes));
        if (!batch.digest().equals(digest)) {
            throw new CorruptRecordException(
                    RecordFamily.BATCHES, key, "its digest is " + batch.digest() + ", not " + digest);
        }
        return batch;
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
                byte[] payload = read(RecordFamily.EPOCHS, key, KIND_EPOCH);
                if (payload == null) {
                    break;
                }
                decisions.add(epoch(key, payload));
            } catch (CorruptRecordException e) {
                condition.damaged(e.getMessage());
                break;
            }
        }
        return decisions;
    }

    static Decision epoch(long key, byte[] payload) throws IOException {
        Decision decision = parse(
                RecordFamily.EPOCHS, key, () -> ProtocolCodec.decode(io.atlassmr.wire.v1.Decision.parseFrom(payload)));
        if (decision.batch().epoch() == null || decision.batch().epoch().number() != key) {
            throw new CorruptRecordException(RecordFamily.EPOCHS, key, "it begins another epoch, or none");
        }
        return decision;
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
        byte[] payload = read(RecordFamily.META, PRUNED_KEY, KIND_PRUNED);
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
                byte[] payload = payload(RecordFamily.CHECKPOINTS, key, KIND_CHECKPOINT, stored);
                certificates.addFirst(certificate(RecordFamily.CHECKPOINTS, key, payload));
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
        return new Remembrance(this, log, condition).load(window, checkpoint, restarted);
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

    static Certificate certificate(RecordFamily family, long key, byte[] payload) throws IOException {
        return parse(family, key, () -> ProtocolCodec.decode(io.atlassmr.wire.v1.Certificate.parseFrom(payload)));
    }

    /** A prepare vote with its batch. */
    LogRecord.PrepareRecord prepare(long key, byte[] stored) throws IOException {
        long view = ByteBuffer.wrap(payload(RecordFamily.VOTES, key, KIND_PREPARE, stored))
                .getLong();
        byte[] bytes = read(RecordFamily.BATCHES, key, KIND_BATCH);
        if (bytes == null) {
            throw new CorruptRecordException(RecordFamily.BATCHES, key, "it is missing beside its vote");
        }
        Batch batch = parse(RecordFamily.BATCHES, key, () -> BatchCodec.decode(bytes));
        mainBodies.put(key / 2, batch.digest());
        return new LogRecord.PrepareRecord(view, key / 2, batch, null);
    }

    /** A prepared certificate with its batch; the vote beside it, if there is one, is read before. */
    LogRecord.CommitRecord commit(long key, byte[] stored) throws IOException {
        long s = key / 2;
        byte[] payload = payload(RecordFamily.VOTES, key, KIND_PREPARED, stored);
        Certificate certificate = certificate(RecordFamily.VOTES, key, payload);
        boolean main = certificate.digest().equals(mainBodies.get(s))
                || read(RecordFamily.BATCHES, 2 * s + 1, KIND_BATCH) == null;
        Batch batch = body(main ? 2 * s : 2 * s + 1, certificate.digest());
        (main ? mainBodies : certifiedBodies).put(s, batch.digest());
        return new LogRecord.CommitRecord(certificate, batch);
    }

    @SuppressWarnings("unchecked") // checked by the message's class
    static Signed<NewView> newView(byte[] record) throws IOException {
        int start = Long.BYTES + 1;
        if (record.length == start) {
            return null;
        }
        Signed<?> signed = parse(
                RecordFamily.VIEWS,
                0,
                () -> ProtocolCodec.decode(
                        SignedProtocolMessage.parseFrom(ByteBuffer.wrap(record, start, record.length - start))));
        if (!(signed.message() instanceof NewView)) {
            throw new CorruptRecordException(RecordFamily.VIEWS, 0, "it holds no new view");
        }
        return (Signed<NewView>) signed;
    }

    interface Parser<T> {
        T parse() throws IOException, MalformedMessageException;
    }

    static <T> T parse(RecordFamily family, long key, Parser<T> parser) throws IOException {
        try {
            return parser.parse();
        } catch (InvalidProtocolBufferException | MalformedMessageException e) {
            throw new CorruptRecordException(family, key, e.getMessage());
        }
    }
}
