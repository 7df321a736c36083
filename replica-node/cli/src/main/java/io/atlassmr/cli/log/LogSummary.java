package io.atlassmr.cli.log;

import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.runtime.checkpoint.CheckpointVerification;
import io.atlassmr.runtime.log.CorruptRecordException;
import io.atlassmr.runtime.log.StoredEntry;
import io.atlassmr.runtime.log.StoredLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a log holds, for a person or a program. What is damaged is told where it is, and the rest is still shown.
 *
 * @param clusterId the cluster that the log names, null if it names none
 * @param replicaId the replica that the log names
 * @param epoch whose members signed what is here
 * @param viewOpen whether {@code view} was opened; if not, the replica has asked for it
 * @param prunedUpTo decisions up to here are removed, because a checkpoint holds their effect
 * @param abstains whether the replica lost its votes and may not vote yet
 * @param abstainsUntil the stable checkpoint that ends it, 0 if it is not known or not needed
 * @param firstDecision the lowest decision in the log, 0 if there is none
 * @param decisionCount how many there are, damaged ones not counted
 * @param decisions those that were asked for
 * @param more whether there are others after them
 * @param damage what is wrong with the store or its records, in order; empty if nothing was met
 */
public record LogSummary(
        String clusterId,
        Integer replicaId,
        long epoch,
        long view,
        boolean viewOpen,
        long prunedUpTo,
        boolean abstains,
        long abstainsUntil,
        List<Checkpoint> checkpoints,
        long firstDecision,
        long lastDecision,
        long decisionCount,
        List<StoredDecision> decisions,
        boolean more,
        long votes,
        long evidence,
        List<String> damage) {

    /** @param onDisk whether the state is in a directory beside the log */
    public record Checkpoint(long sequenceNumber, String digest, List<Integer> signers, boolean onDisk) {}

    /** @param checkpoint whether the batch asks for a checkpoint after it */
    public record StoredDecision(
            long sequenceNumber,
            long view,
            String digest,
            List<Integer> signers,
            int bundles,
            int requests,
            int bytes,
            long agreedTimeMillis,
            boolean checkpoint,
            String fault) {}

    private interface Reading<T> {
        T read() throws CorruptRecordException;
    }

    /**
     * Reads a log.
     *
     * @param from the lowest decision to show
     * @param limit most decisions to show
     * @throws IOException if so much cannot be read that there is no end to it
     */
    public static LogSummary read(OfflineReplica replica, long from, int limit) throws IOException {
        StoredLog log = new StoredLog(replica.store());
        List<String> damage = new ArrayList<>();
        replica.store().damage().ifPresent(damage::add);
        StoredLog.Owner owner = read(() -> log.owner().orElse(null), null, damage);
        StoredLog.View view = read(() -> log.view().orElse(null), null, damage);
        long pruned = read(log::prunedUpTo, 0L, damage);
        long abstainsUntil = read(log::abstainsUntil, 0L, damage);

        CheckpointVerification onDisk = new CheckpointVerification(
                replica.files().checkpoints(), replica.membership().clusterId());
        List<Checkpoint> checkpoints = new ArrayList<>();
        log.checkpoints(entry -> {
            note(entry, damage);
            if (entry.value() != null) {
                Certificate certificate = entry.value();
                checkpoints.add(new Checkpoint(
                        entry.key(), certificate.digest().toHex(), signers(certificate), onDisk.exists(entry.key())));
            }
            return true;
        });

        Decisions decisions = new Decisions(from, limit, damage);
        log.decisions(0, decisions);
        Count<StoredLog.Vote> votes = new Count<>(damage);
        log.votes(Math.max(decisions.last, pruned), votes);
        Count<Proof> evidence = new Count<>(damage);
        log.evidence(evidence);
        return new LogSummary(
                owner == null ? null : owner.clusterId(),
                owner == null ? null : owner.replicaId(),
                view == null ? 1 : view.epoch(),
                view == null ? 0 : view.view(),
                view == null || view.open(),
                pruned,
                abstainsUntil > 0,
                abstainsUntil == Long.MAX_VALUE ? 0 : abstainsUntil,
                checkpoints,
                decisions.first,
                decisions.last,
                decisions.count,
                decisions.shown,
                decisions.more,
                votes.count,
                evidence.count,
                damage);
    }

    private static <T> T read(Reading<T> reading, T otherwise, List<String> damage) {
        try {
            return reading.read();
        } catch (CorruptRecordException e) {
            damage.add(e.getMessage());
            return otherwise;
        }
    }

    private static void note(StoredEntry<?> entry, List<String> damage) {
        if (entry.fault() != null) {
            damage.add(entry.fault().getMessage());
        }
    }

    private static List<Integer> signers(Certificate certificate) {
        return certificate.signatures().stream().map(VoteSignature::signer).toList();
    }

    private static final class Count<T> implements StoredLog.Visitor<T> {

        private final List<String> damage;
        private long count;

        Count(List<String> damage) {
            this.damage = damage;
        }

        @Override
        public boolean visit(StoredEntry<T> entry) {
            note(entry, damage);
            count += entry.fault() == null ? 1 : 0;
            return true;
        }
    }

    private static final class Decisions implements StoredLog.Visitor<Decision> {

        private final long from;
        private final int limit;
        private final List<String> damage;
        private final List<StoredDecision> shown = new ArrayList<>();
        private long first;
        private long last;
        private long count;
        private boolean more;

        Decisions(long from, int limit, List<String> damage) {
            this.from = from;
            this.limit = limit;
            this.damage = damage;
        }

        @Override
        public boolean visit(StoredEntry<Decision> entry) {
            note(entry, damage);
            long s = entry.key();
            if (entry.fault() == null) {
                first = first == 0 ? s : first;
                last = s;
                count++;
            }
            if (s >= from) {
                more = shown.size() == limit;
                if (!more) {
                    shown.add(entry.fault() == null ? sound(entry.value()) : damaged(s, entry.fault()));
                }
            }
            return true;
        }

        private static StoredDecision sound(Decision decision) {
            return new StoredDecision(
                    decision.sequenceNumber(),
                    decision.certificate().view(),
                    decision.certificate().digest().toHex(),
                    signers(decision.certificate()),
                    decision.batch().bundles().size(),
                    decision.batch().requestCount(),
                    decision.batch().encoded().length,
                    decision.batch().agreedTimeMillis(),
                    decision.batch().checkpoint(),
                    null);
        }

        private static StoredDecision damaged(long s, CorruptRecordException fault) {
            return new StoredDecision(s, 0, null, List.of(), 0, 0, 0, 0, false, fault.getMessage());
        }
    }

    /** Whether everything that was met is sound. */
    public boolean sound() {
        return damage.isEmpty();
    }
}
