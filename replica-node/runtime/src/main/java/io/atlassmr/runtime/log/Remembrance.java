package io.atlassmr.runtime.log;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.LogRecord.AbstentionRecord;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads back what a log remembers, damage included. Decisions end at the first that is damaged: it and those above it are the
 * peers' to give. Anything that tells how this replica voted and cannot be read counts as a vote that was lost: the replica
 * abstains like one that was wiped, and the log says so before the damaged record goes.
 */
final class Remembrance {

    private record View(long number, boolean active, Signed<NewView> opening) {}

    private final RecordStore store;
    private final PersistentLog log;
    private final RecordEncoder encoder;
    private final StorageCondition condition;
    private final List<LogWrite> repairs = new ArrayList<>();
    private final List<LogRecord.PrepareRecord> prepares = new ArrayList<>();
    private final List<LogRecord.CommitRecord> commits = new ArrayList<>();
    private boolean votesLost;
    private long firstAvailable;

    /** @param encoder told of the bodies that are there */
    Remembrance(RecordStore store, PersistentLog log, RecordEncoder encoder, StorageCondition condition) {
        this.store = store;
        this.log = log;
        this.encoder = encoder;
        this.condition = condition;
    }

    OrderingState load(int window, Certificate checkpoint, boolean restarted) throws IOException {
        long base = checkpoint == null ? 0 : checkpoint.sequenceNumber();
        long pruned = pruned(base);
        firstAvailable = pruned + 1;
        long newest = newestDecision(base);
        ArrayDeque<Decision> recent = new ArrayDeque<>();
        addDecisionsUpTo(base, window, recent);
        long lastDecided = addDecisionsAbove(base, newest, window, recent);
        store.scan(RecordFamily.VOTES, 2 * (newest + 1), this::loadVote);
        View view = view(epoch(lastDecided) - 1);
        // Votes below what is pruned are forgotten: without the state above them they might be given differently.
        AbstentionRecord abstention = base < pruned ? AbstentionRecord.UNKNOWN : abstention();
        if (votesLost) {
            abstention = AbstentionRecord.UNKNOWN;
            repairs.add(RecordCodec.abstention(abstention));
        }
        if (!repairs.isEmpty()) {
            log.write(repairs);
            log.sync();
        }
        return new OrderingState(
                restarted,
                view.number(),
                view.active(),
                view.opening(),
                checkpoint,
                firstAvailable,
                abstention,
                newest,
                lastDecided,
                lastDecided,
                List.copyOf(recent),
                prepares,
                commits);
    }

    private void lost(CorruptRecordException damage, LogWrite repair) {
        condition.damaged(damage.getMessage());
        votesLost = true;
        repairs.add(repair);
    }

    private static LogWrite removal(RecordFamily family, long key) {
        return new LogWrite.DeleteRange(family, key, key + 1);
    }

    /** Without the number, the lowest decision tells; which votes went with those below it is unknown. */
    private long pruned(long base) throws IOException {
        try {
            return store.prunedUpTo();
        } catch (CorruptRecordException e) {
            long[] lowest = {base + 1};
            log.scan(RecordFamily.DECISIONS, 0, (key, _) -> {
                lowest[0] = key;
                return false;
            });
            long pruned = Math.max(0, lowest[0] - 1);
            lost(e, RecordCodec.pruned(pruned));
            return pruned;
        }
    }

    private AbstentionRecord abstention() throws IOException {
        try {
            byte[] payload = store.read(RecordFamily.META, RecordCodec.ABSTENTION_KEY, RecordCodec.KIND_ABSTENTION);
            if (payload == null) {
                return AbstentionRecord.NONE;
            }
            ByteBuffer record = ByteBuffer.wrap(payload);
            return new AbstentionRecord(record.getLong(), record.getLong());
        } catch (CorruptRecordException e) {
            lost(e, removal(RecordFamily.META, RecordCodec.ABSTENTION_KEY));
            return AbstentionRecord.UNKNOWN;
        }
    }

    private long newestDecision(long base) throws IOException {
        long[] newest = {base};
        log.scan(RecordFamily.DECISIONS, base + 1, (key, _) -> {
            newest[0] = key;
            return true;
        });
        return newest[0];
    }

    /** The last ones that the checkpoint covers; those up to a damaged one are not to be had here. */
    private void addDecisionsUpTo(long base, int window, ArrayDeque<Decision> recent) throws IOException {
        for (long s = Math.max(firstAvailable, base - window + 1); s <= base; s++) {
            Decision decision = store.sound(s);
            if (decision == null) {
                recent.clear();
                firstAvailable = s + 1;
            } else {
                recent.addLast(decision);
            }
        }
    }

    private long addDecisionsAbove(long base, long newest, int window, ArrayDeque<Decision> recent) throws IOException {
        for (long s = base + 1; s <= newest; s++) {
            Decision decision = store.sound(s);
            if (decision == null) {
                condition.damaged("decisions " + s + " to " + newest + " of the log have to be fetched from peers");
                return s - 1;
            }
            recent.addLast(decision);
            if (recent.size() > window) {
                recent.removeFirst();
            }
        }
        return newest;
    }

    private void loadVote(long key, byte[] stored) throws IOException {
        try {
            if (key % 2 == 0) {
                prepares.add(prepare(key, stored));
            } else {
                commits.add(commit(key, stored));
            }
        } catch (CorruptRecordException e) {
            lost(e, removal(RecordFamily.VOTES, key));
        }
    }

    /** A prepare vote with its batch. */
    private LogRecord.PrepareRecord prepare(long key, byte[] stored) throws IOException {
        long view = ByteBuffer.wrap(RecordCodec.payload(RecordFamily.VOTES, key, RecordCodec.KIND_PREPARE, stored))
                .getLong();
        byte[] body = store.read(RecordFamily.BATCHES, key, RecordCodec.KIND_BATCH);
        if (body == null) {
            throw new CorruptRecordException(RecordFamily.BATCHES, key, "it is missing beside its vote");
        }
        Batch batch = RecordCodec.body(key, body);
        encoder.hasMain(key / 2, batch.digest());
        return new LogRecord.PrepareRecord(view, key / 2, batch, null);
    }

    /** A prepared certificate with its batch; the vote beside it, if there is one, is read before. */
    private LogRecord.CommitRecord commit(long key, byte[] stored) throws IOException {
        long s = key / 2;
        byte[] payload = RecordCodec.payload(RecordFamily.VOTES, key, RecordCodec.KIND_PREPARED, stored);
        Certificate certificate = RecordCodec.certificate(RecordFamily.VOTES, key, payload);
        boolean main = encoder.isMain(s, certificate.digest())
                || store.read(RecordFamily.BATCHES, 2 * s + 1, RecordCodec.KIND_BATCH) == null;
        Batch batch = store.body(main ? 2 * s : 2 * s + 1, certificate.digest());
        if (main) {
            encoder.hasMain(s, batch.digest());
        } else {
            encoder.hasCertified(s, batch.digest());
        }
        return new LogRecord.CommitRecord(certificate, batch);
    }

    /** The epoch that the next decision belongs to. */
    private long epoch(long lastDecided) throws IOException {
        long epoch = 1;
        for (Decision decision : store.epochs(2, Integer.MAX_VALUE)) {
            if (decision.sequenceNumber() <= lastDecided) {
                epoch = decision.batch().epoch().number();
            }
        }
        return epoch;
    }

    private View view(long key) throws IOException {
        try {
            byte[] record = store.read(RecordFamily.VIEWS, key, RecordCodec.KIND_VIEW);
            if (record == null) {
                return new View(0, true, null);
            }
            boolean active = record[Long.BYTES] == 1;
            return new View(ByteBuffer.wrap(record).getLong(), active, active ? RecordCodec.newView(record) : null);
        } catch (CorruptRecordException e) {
            lost(e, removal(RecordFamily.VIEWS, key));
            return new View(0, true, null);
        }
    }
}
