package io.atlassmr.runtime.log;

import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.runtime.port.LogReader;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The records of a replica that does not run, for whoever wants to look at them: nothing is written, a damaged record does not
 * hide those after it, and nothing is checked beyond checksums and form. {@link RecordCodec} has the layout.
 */
public final class StoredLog {

    private static final int MAX_UNREADABLE_KEYS = 1 << 20;

    private final LogReader reader;

    public StoredLog(LogReader reader) {
        this.reader = reader;
    }

    /** Whose log it is. */
    public record Owner(String clusterId, int replicaId) {}

    /**
     * The lowest view the replica may still vote in.
     *
     * @param epoch it is a view of
     * @param open whether it was opened; if not, the replica has asked for it
     * @param newView what opened it; null in view 0 or if it is not open
     */
    public record View(long epoch, long view, boolean open, Signed<NewView> newView) {}

    /** A vote that is not decided yet; of its two forms one is null. */
    public record Vote(long sequenceNumber, Long preparedInView, Certificate preparedCertificate) {}

    /** Sees entries in ascending order of key; returns false to stop. */
    @FunctionalInterface
    public interface Visitor<T> {
        boolean visit(StoredEntry<T> entry);
    }

    private interface Decoder<T> {
        T decode(long key, byte[] stored) throws IOException;
    }

    /**
     * Whose log it is; empty if it does not say.
     *
     * @throws CorruptRecordException if the record is damaged
     */
    public Optional<Owner> owner() throws CorruptRecordException {
        byte[] payload = read(RecordFamily.META, RecordCodec.IDENTITY_KEY, RecordCodec.KIND_IDENTITY);
        if (payload == null) {
            return Optional.empty();
        }
        String text = new String(payload, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        try {
            return Optional.of(new Owner(text.substring(0, end), Integer.parseInt(text.substring(end + 1))));
        } catch (RuntimeException e) {
            throw new CorruptRecordException(RecordFamily.META, 0, "it does not name a cluster and a replica");
        }
    }

    /**
     * Up to where decisions and votes are pruned, 0 if nothing is.
     *
     * @throws CorruptRecordException if the record is damaged
     */
    public long prunedUpTo() throws CorruptRecordException {
        return number(RecordCodec.PRUNED_KEY, RecordCodec.KIND_PRUNED);
    }

    /**
     * The checkpoint that ends the replica's abstention: 0 if it remembers its votes, {@link Long#MAX_VALUE} if it is not known
     * yet.
     *
     * @throws CorruptRecordException if the record is damaged
     */
    public long abstainsUntil() throws CorruptRecordException {
        return number(RecordCodec.ABSTENTION_KEY, RecordCodec.KIND_ABSTENTION);
    }

    private long number(long key, byte kind) throws CorruptRecordException {
        byte[] payload = read(RecordFamily.META, key, kind);
        if (payload != null && payload.length < Long.BYTES) {
            throw new CorruptRecordException(RecordFamily.META, key, "it holds no number");
        }
        return payload == null ? 0 : ByteBuffer.wrap(payload).getLong();
    }

    /**
     * The view; empty if the replica never left view 0.
     *
     * @throws CorruptRecordException if the record is damaged
     */
    public Optional<View> view() throws CorruptRecordException {
        long key = newestView();
        byte[] payload = read(RecordFamily.VIEWS, key, RecordCodec.KIND_VIEW);
        if (payload == null) {
            return Optional.empty();
        }
        if (payload.length <= Long.BYTES) {
            throw new CorruptRecordException(RecordFamily.VIEWS, key, "it is too short for a view");
        }
        boolean open = payload[Long.BYTES] == 1;
        try {
            return Optional.of(new View(
                    key + 1, ByteBuffer.wrap(payload).getLong(), open, open ? RecordCodec.newView(payload) : null));
        } catch (IOException e) {
            throw corrupt(RecordFamily.VIEWS, key, e);
        }
    }

    private long newestView() throws CorruptRecordException {
        long[] newest = {0};
        try {
            reader.scan(RecordFamily.VIEWS, 0, (key, _) -> {
                newest[0] = key;
                return true;
            });
        } catch (IOException e) {
            throw corrupt(RecordFamily.VIEWS, newest[0], e);
        }
        return newest[0];
    }

    /**
     * The decisions that began epochs.
     *
     * @throws IOException if so much cannot be read that there is no end to it
     */
    public void epochs(Visitor<Decision> visitor) throws IOException {
        walk(
                RecordFamily.EPOCHS,
                0,
                (key, stored) -> RecordCodec.epoch(
                        key, RecordCodec.payload(RecordFamily.EPOCHS, key, RecordCodec.KIND_EPOCH, stored)),
                visitor);
    }

    /**
     * The certificates of stable checkpoints.
     *
     * @throws IOException if so much cannot be read that there is no end to it
     */
    public void checkpoints(Visitor<Certificate> visitor) throws IOException {
        walk(
                RecordFamily.CHECKPOINTS,
                0,
                (key, stored) -> RecordCodec.certificate(
                        RecordFamily.CHECKPOINTS,
                        key,
                        RecordCodec.payload(RecordFamily.CHECKPOINTS, key, RecordCodec.KIND_CHECKPOINT, stored)),
                visitor);
    }

    /**
     * The decisions from {@code from} on; those whose batch is damaged count as damaged.
     *
     * @throws IOException if so much cannot be read that there is no end to it
     */
    public void decisions(long from, Visitor<Decision> visitor) throws IOException {
        walk(RecordFamily.DECISIONS, from, this::decision, visitor);
    }

    private Decision decision(long s, byte[] stored) throws IOException {
        byte[] payload = RecordCodec.payload(RecordFamily.DECISIONS, s, RecordCodec.KIND_DECISION, stored);
        RecordCodec.Decided decided = RecordCodec.decided(s, payload);
        byte[] body = read(RecordFamily.BATCHES, decided.bodyKey(), RecordCodec.KIND_BATCH);
        return new Decision(
                decided.certificate(),
                RecordCodec.body(decided.bodyKey(), body, decided.certificate().digest()));
    }

    /**
     * The votes above {@code lastDecided}, which are the ones that bind the replica.
     *
     * @throws IOException if so much cannot be read that there is no end to it
     */
    public void votes(long lastDecided, Visitor<Vote> visitor) throws IOException {
        walk(RecordFamily.VOTES, 2 * (lastDecided + 1), this::vote, visitor);
    }

    private Vote vote(long key, byte[] stored) throws IOException {
        long s = key / 2;
        if (key % 2 == 0) {
            byte[] payload = RecordCodec.payload(RecordFamily.VOTES, key, RecordCodec.KIND_PREPARE, stored);
            if (payload.length < Long.BYTES) {
                throw new CorruptRecordException(RecordFamily.VOTES, key, "it holds no view");
            }
            Batch _ = RecordCodec.body(key, read(RecordFamily.BATCHES, key, RecordCodec.KIND_BATCH));
            return new Vote(s, ByteBuffer.wrap(payload).getLong(), null);
        }
        byte[] payload = RecordCodec.payload(RecordFamily.VOTES, key, RecordCodec.KIND_PREPARED, stored);
        return new Vote(s, null, RecordCodec.certificate(RecordFamily.VOTES, key, payload));
    }

    /**
     * Proofs of misbehaviour.
     *
     * @throws IOException if so much cannot be read that there is no end to it
     */
    public void evidence(Visitor<Proof> visitor) throws IOException {
        walk(RecordFamily.EVIDENCE, 0, RecordCodec::proof, visitor);
    }

    private byte[] read(RecordFamily family, long key, byte kind) throws CorruptRecordException {
        try {
            byte[] stored = reader.read(family, key);
            return stored == null ? null : RecordCodec.payload(family, key, kind, stored);
        } catch (IOException e) {
            throw corrupt(family, key, e);
        }
    }

    private static CorruptRecordException corrupt(RecordFamily family, long key, IOException e) {
        if (e instanceof CorruptRecordException corrupt) {
            return corrupt;
        }
        Throwable told = e.getCause() == null ? e : e.getCause();
        CorruptRecordException corrupt =
                new CorruptRecordException(family, key, "it cannot be read: " + told.getMessage());
        corrupt.initCause(e);
        return corrupt;
    }

    /** What lies behind records that cannot be read is found by trying one key after the other. */
    private <T> void walk(RecordFamily family, long from, Decoder<T> decoder, Visitor<T> visitor) throws IOException {
        long next = from;
        for (int unreadable = 0; unreadable <= MAX_UNREADABLE_KEYS; unreadable++) {
            Walk<T> walk = new Walk<>(family, next, decoder, visitor);
            try {
                reader.scan(family, next, walk);
                return;
            } catch (IOException e) {
                boolean isFirstOfItsKind = unreadable == 0 || walk.next > next;
                if (walk.stopped
                        || (isFirstOfItsKind
                                && !visitor.visit(StoredEntry.damaged(walk.next, corrupt(family, walk.next, e))))) {
                    return;
                }
                next = walk.next + 1;
            }
        }
        throw new IOException("more than " + MAX_UNREADABLE_KEYS + " keys of " + family
                + " cannot be read, the last is " + (next - 1));
    }

    private static final class Walk<T> implements LogReader.Visitor {

        private final RecordFamily family;
        private final Decoder<T> decoder;
        private final Visitor<T> visitor;
        private long next;
        private boolean stopped;

        Walk(RecordFamily family, long next, Decoder<T> decoder, Visitor<T> visitor) {
            this.family = family;
            this.next = next;
            this.decoder = decoder;
            this.visitor = visitor;
        }

        @Override
        public boolean visit(long key, byte[] stored) {
            next = key + 1;
            stopped = !visitor.visit(entry(key, stored));
            return !stopped;
        }

        private StoredEntry<T> entry(long key, byte[] stored) {
            try {
                return StoredEntry.sound(key, decoder.decode(key, stored));
            } catch (IOException e) {
                return StoredEntry.damaged(key, corrupt(family, key, e));
            }
        }
    }
}
