package io.atlassmr.runtime.log;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.LogRecord.AbstentionRecord;
import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The changes of the log that records are, with the removal of what they supersede. A batch is stored once: the encoder knows which
 * bodies of undecided positions are there. Not thread-safe.
 */
final class RecordEncoder {

    private static final int PRUNE_VOTES_EVERY = 1024;

    private final TreeMap<Long, Digest> mainBodies = new TreeMap<>();
    private final TreeMap<Long, Digest> certifiedBodies = new TreeMap<>();
    private long nextEvidence;

    /** The log has the body last prepared at this position. */
    void hasMain(long sequenceNumber, Digest digest) {
        mainBodies.put(sequenceNumber, digest);
    }

    /** The log has, beside the body last prepared, this one of the prepared certificate. */
    void hasCertified(long sequenceNumber, Digest digest) {
        certifiedBodies.put(sequenceNumber, digest);
    }

    /** Whether this is the body last prepared at this position. */
    boolean isMain(long sequenceNumber, Digest digest) {
        return digest.equals(mainBodies.get(sequenceNumber));
    }

    /** The log has a proof under this key, and none above. */
    void hasEvidence(long key) {
        nextEvidence = key + 1;
    }

    /** The changes that these records are. They have to be applied, in the order in which they were encoded. */
    List<LogWrite> encode(List<LogRecord> records) {
        List<LogWrite> writes = new ArrayList<>(2 * records.size());
        for (LogRecord record : records) {
            switch (record) {
                case LogRecord.PrepareRecord r -> add(r, writes);
                case LogRecord.CommitRecord r -> add(r, writes);
                case LogRecord.DecisionRecord r -> add(r, writes);
                case LogRecord.ViewRecord r -> add(r, writes);
                case LogRecord.CheckpointRecord r -> add(r, writes);
                case AbstentionRecord r -> writes.add(RecordCodec.abstention(r));
                case LogRecord.EvidenceRecord(var proof) -> writes.add(RecordCodec.proof(nextEvidence++, proof));
                case LogRecord.EpochRecord(var decision) -> writes.add(RecordCodec.epoch(decision));
            }
        }
        return writes;
    }

    private void add(LogRecord.PrepareRecord record, List<LogWrite> writes) {
        long s = record.sequenceNumber();
        if (record.certified() != null && !record.certified().digest().equals(certifiedBodies.get(s))) {
            writes.add(RecordCodec.body(2 * s + 1, record.certified()));
            certifiedBodies.put(s, record.certified().digest());
        }
        if (!isMain(s, record.batch().digest())) {
            writes.add(RecordCodec.body(2 * s, record.batch()));
            mainBodies.put(s, record.batch().digest());
        }
        writes.add(RecordCodec.prepare(s, record.view()));
    }

    private void add(LogRecord.CommitRecord record, List<LogWrite> writes) {
        long s = record.certificate().sequenceNumber();
        if (place(s, record.batch().digest()) < 0) {
            writes.add(RecordCodec.body(2 * s + 1, record.batch()));
            certifiedBodies.put(s, record.batch().digest());
        }
        writes.add(RecordCodec.prepared(record.certificate()));
    }

    private void add(LogRecord.DecisionRecord record, List<LogWrite> writes) {
        long s = record.certificate().sequenceNumber();
        int place = place(s, record.batch().digest());
        if (place < 0) {
            place = 0;
            writes.add(RecordCodec.body(2 * s, record.batch()));
        }
        writes.add(RecordCodec.decision(record.certificate(), place));
        forgetBodies(s);
        if (s % PRUNE_VOTES_EVERY == 0) {
            writes.add(new LogWrite.DeleteRange(RecordFamily.VOTES, 0, 2 * s + 2));
        }
    }

    private static void add(LogRecord.ViewRecord record, List<LogWrite> writes) {
        writes.add(RecordCodec.view(record));
        if (record.epoch() > 1) {
            writes.add(new LogWrite.DeleteRange(RecordFamily.VIEWS, 0, record.epoch() - 1));
        }
    }

    private void add(LogRecord.CheckpointRecord record, List<LogWrite> writes) {
        writes.add(RecordCodec.checkpoint(record.certificate()));
        long pruned = record.pruneUpTo();
        writes.add(RecordCodec.pruned(pruned));
        writes.add(new LogWrite.DeleteRange(RecordFamily.CHECKPOINTS, 0, pruned));
        writes.add(new LogWrite.DeleteRange(RecordFamily.DECISIONS, 0, pruned + 1));
        writes.add(new LogWrite.DeleteRange(RecordFamily.BATCHES, 0, 2 * pruned + 2));
        writes.add(new LogWrite.DeleteRange(RecordFamily.VOTES, 0, 2 * pruned + 2));
        forgetBodies(pruned);
    }

    /** 0 if the body is stored as the prepared one, 1 as the certified one, -1 if it is not stored. */
    private int place(long sequenceNumber, Digest digest) {
        if (isMain(sequenceNumber, digest)) {
            return 0;
        }
        return digest.equals(certifiedBodies.get(sequenceNumber)) ? 1 : -1;
    }

    private void forgetBodies(long upTo) {
        mainBodies.headMap(upTo, true).clear();
        certifiedBodies.headMap(upTo, true).clear();
    }
}
