package io.atlassmr.protocol.ordering;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Vote;

/** Gives this replica's votes: at most one of a kind at each place in a view, and each only once its record is durable. */
final class Voter {

    /** Says a vote that is durable, unless the view it is of is over. */
    interface Voice {
        void say(long inView, Vote vote);
    }

    private final int quorumSize;
    private final Outbox outbox;
    private final Voice voice;

    Voter(int quorumSize, Outbox outbox, Voice voice) {
        this.quorumSize = quorumSize;
        this.outbox = outbox;
        this.voice = voice;
    }

    /** Prepares the batch that was accepted, if there is one and its body is here. */
    void givePrepare(Instance instance, long view) {
        if (instance.prepareGiven || instance.accepted == null) {
            return;
        }
        Batch body = instance.body(instance.accepted);
        if (body == null) {
            instance.wanted = instance.accepted;
            return;
        }
        instance.prepareGiven = true;
        Batch certified =
                instance.prepared != null && !body.equals(instance.preparedBatch) ? instance.preparedBatch : null;
        outbox.persist(
                new LogRecord.PrepareRecord(view, instance.sequenceNumber, body, certified),
                () -> voice.say(view, new Prepare(view, instance.sequenceNumber, body.digest())));
    }

    /**
     * Commits to the batch that a quorum prepared, if its body is here.
     *
     * @return whether it did now
     */
    boolean giveCommit(Instance instance, long view) {
        Digest digest = instance.commitGiven ? null : instance.prepares.agreed(quorumSize);
        if (digest == null) {
            return false;
        }
        Batch body = instance.body(digest);
        if (body == null) {
            instance.wanted = digest;
            return false;
        }
        instance.commitGiven = true;
        instance.prepared = instance.prepares.certificate(digest, quorumSize);
        instance.preparedBatch = body;
        outbox.persist(
                new LogRecord.CommitRecord(instance.prepared, body),
                () -> voice.say(view, new Commit(view, instance.sequenceNumber, digest)));
        return true;
    }
}
