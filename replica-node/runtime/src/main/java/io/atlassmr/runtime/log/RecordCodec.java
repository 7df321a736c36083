package io.atlassmr.runtime.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.LogRecord.AbstentionRecord;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.ProtocolCodec;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import io.atlassmr.wire.v1.SignedProtocolMessage;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where each record of a log is, and in which form, inside its {@link RecordEnvelope}. What decodes throws
 * {@link CorruptRecordException} if the form is another.
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
final class RecordCodec {

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
    static final long IDENTITY_KEY = 0;
    static final long PRUNED_KEY = 1;
    static final long ABSTENTION_KEY = 2;

    private RecordCodec() {}

    static LogWrite put(RecordFamily family, long key, byte kind, byte[] payload) {
        return new LogWrite.Put(family, key, RecordEnvelope.wrap(family, key, kind, payload));
    }

    static LogWrite identity(byte[] identity) {
        return put(RecordFamily.META, IDENTITY_KEY, KIND_IDENTITY, identity);
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

    static LogWrite view(LogRecord.ViewRecord record) {
        byte[] newView = record.newView() == null
                ? new byte[0]
                : ProtocolCodec.encode(record.newView()).toByteArray();
        byte[] payload = ByteBuffer.allocate(Long.BYTES + 1 + newView.length)
                .putLong(record.view())
                .put((byte) (record.active() ? 1 : 0))
                .put(newView)
                .array();
        return put(RecordFamily.VIEWS, record.epoch() - 1, KIND_VIEW, payload);
    }

    /** @param key twice the batch's position, and one more if it is there as the certified one */
    static LogWrite body(long key, Batch batch) {
        return put(RecordFamily.BATCHES, key, KIND_BATCH, batch.encoded());
    }

    static LogWrite prepare(long sequenceNumber, long view) {
        byte[] payload = ByteBuffer.allocate(Long.BYTES).putLong(view).array();
        return put(RecordFamily.VOTES, 2 * sequenceNumber, KIND_PREPARE, payload);
    }

    static LogWrite prepared(Certificate certificate) {
        byte[] payload = ProtocolCodec.encode(certificate).toByteArray();
        return put(RecordFamily.VOTES, 2 * certificate.sequenceNumber() + 1, KIND_PREPARED, payload);
    }

    /** @param place 0 if its batch is stored as the one last prepared, 1 as the certified one */
    static LogWrite decision(Certificate commits, int place) {
        byte[] certificate = ProtocolCodec.encode(commits).toByteArray();
        byte[] payload = ByteBuffer.allocate(1 + certificate.length)
                .put((byte) place)
                .put(certificate)
                .array();
        return put(RecordFamily.DECISIONS, commits.sequenceNumber(), KIND_DECISION, payload);
    }

    static LogWrite checkpoint(Certificate certificate) {
        byte[] payload = ProtocolCodec.encode(certificate).toByteArray();
        return put(RecordFamily.CHECKPOINTS, certificate.sequenceNumber(), KIND_CHECKPOINT, payload);
    }

    static LogWrite proof(long key, Proof proof) {
        return put(RecordFamily.EVIDENCE, key, KIND_PROOF, EvidenceCodec.encode(proof));
    }

    static LogWrite epoch(Decision decision) {
        byte[] payload = ProtocolCodec.encode(decision).toByteArray();
        return put(RecordFamily.EPOCHS, decision.batch().epoch().number(), KIND_EPOCH, payload);
    }

    /** What a record of this kind holds. */
    static byte[] payload(RecordFamily family, long key, byte kind, byte[] stored) throws IOException {
        RecordEnvelope.Unwrapped record = RecordEnvelope.unwrap(family, key, stored);
        if (record.kind() != kind) {
            throw new CorruptRecordException(family, key, "it is of kind " + record.kind() + ", not " + kind);
        }
        return record.payload();
    }

    /** @param payload null if there is no body at this key */
    static Batch body(long key, byte[] payload) throws IOException {
        if (payload == null) {
            throw new CorruptRecordException(RecordFamily.BATCHES, key, "it is missing");
        }
        return parse(RecordFamily.BATCHES, key, () -> BatchCodec.decode(payload));
    }

    /**
     * The body that is expected at this key.
     *
     * @param payload null if there is none
     * @param digest the body's
     */
    static Batch body(long key, byte[] payload, Digest digest) throws IOException {
        Batch batch = body(key, payload);
        if (!batch.digest().equals(digest)) {
            throw new CorruptRecordException(
                    RecordFamily.BATCHES, key, "its digest is " + batch.digest() + ", not " + digest);
        }
        return batch;
    }

    /**
     * A decision without its body.
     *
     * @param bodyKey where its body is
     */
    record Decided(Certificate certificate, long bodyKey) {}

    static Decided decided(long sequenceNumber, byte[] payload) throws IOException {
        if (payload.length == 0 || payload[0] < 0 || payload[0] > 1) {
            throw new CorruptRecordException(
                    RecordFamily.DECISIONS, sequenceNumber, "it does not say where its batch is");
        }
        ByteBuffer certificate = ByteBuffer.wrap(payload, 1, payload.length - 1);
        return parse(
                RecordFamily.DECISIONS,
                sequenceNumber,
                () -> new Decided(
                        ProtocolCodec.decode(io.atlassmr.wire.v1.Certificate.parseFrom(certificate)),
                        2 * sequenceNumber + payload[0]));
    }

    static Certificate certificate(RecordFamily family, long key, byte[] payload) throws IOException {
        return parse(family, key, () -> ProtocolCodec.decode(io.atlassmr.wire.v1.Certificate.parseFrom(payload)));
    }

    static Proof proof(long key, byte[] stored) throws IOException {
        byte[] payload = payload(RecordFamily.EVIDENCE, key, KIND_PROOF, stored);
        return parse(RecordFamily.EVIDENCE, key, () -> EvidenceCodec.decode(payload));
    }

    static Decision epoch(long key, byte[] payload) throws IOException {
        Decision decision = parse(
                RecordFamily.EPOCHS, key, () -> ProtocolCodec.decode(io.atlassmr.wire.v1.Decision.parseFrom(payload)));
        if (decision.batch().epoch() == null || decision.batch().epoch().number() != key) {
            throw new CorruptRecordException(RecordFamily.EPOCHS, key, "it begins another epoch, or none");
        }
        return decision;
    }

    /** What opened the view of a record; null if it holds none. */
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
