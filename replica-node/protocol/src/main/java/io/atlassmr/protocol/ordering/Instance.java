package io.atlassmr.protocol.ordering;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Signed;
import java.util.ArrayList;
import java.util.List;

/** Agreement on one sequence number: what the current view says of it, and what outlives views. */
final class Instance {

    final long sequenceNumber;

    /** The leader's proposal in this view; null if none came or the new view's plan stands in its place. */
    Signed<PrePrepare> proposal;
    /** The only batch this replica prepares here in this view; null while it is free. */
    Digest accepted;
    /** Whether {@link #accepted} comes from the plan of the new view or from before a restart. */
    boolean bound;

    VoteSet prepares = new VoteSet();
    VoteSet commits = new VoteSet();
    boolean prepareGiven;
    boolean commitGiven;

    /** The prepared certificate of the highest view, with its body; null if there is none. */
    Certificate prepared;

    Batch preparedBatch;
    /** The commit certificate, where it is known before the body; null otherwise. */
    Certificate certified;

    Decision decision;
    /** Whether clients have its answers from others. */
    boolean answered;

    /** A body that is missing and stands between this instance and its next step. */
    Digest wanted;

    private Batch acceptedBatch;

    Instance(long sequenceNumber) {
        this.sequenceNumber = sequenceNumber;
    }

    /** Forgets the view, keeps what binds later ones. */
    void enterView() {
        proposal = null;
        accepted = null;
        bound = false;
        prepares = new VoteSet();
        commits = new VoteSet();
        prepareGiven = false;
        commitGiven = false;
        wanted = null;
    }

    void accept(Digest digest, Batch body) {
        accepted = digest;
        Batch known = body == null ? body(digest) : body;
        if (known != null) {
            acceptedBatch = known;
        }
    }

    /** Lets the view's plan have this batch here and no other, unless a vote binds already. */
    void bind(Digest digest) {
        if (!prepareGiven) {
            accept(digest, null);
            bound = true;
            if (body(digest) == null) {
                wanted = digest;
            }
        }
    }

    /** Keeps a body if it is one that is wanted or accepted. */
    boolean offer(Batch batch) {
        if (batch.digest().equals(wanted) || (batch.digest().equals(accepted) && body(accepted) == null)) {
            acceptedBatch = batch;
            wanted = null;
            return true;
        }
        return false;
    }

    /** The body of this digest, null if it is not here. */
    Batch body(Digest digest) {
        if (acceptedBatch != null && acceptedBatch.digest().equals(digest)) {
            return acceptedBatch;
        }
        if (preparedBatch != null && preparedBatch.digest().equals(digest)) {
            return preparedBatch;
        }
        if (decision != null && decision.batch().digest().equals(digest)) {
            return decision.batch();
        }
        return Batch.NOOP.digest().equals(digest) ? Batch.NOOP : null;
    }

    /** The bodies that another replica may lack. */
    List<Batch> bodies() {
        List<Batch> bodies = new ArrayList<>(2);
        if (decision != null) {
            bodies.add(decision.batch());
            return bodies;
        }
        if (acceptedBatch != null) {
            bodies.add(acceptedBatch);
        }
        if (preparedBatch != null && !preparedBatch.equals(acceptedBatch)) {
            bodies.add(preparedBatch);
        }
        return bodies;
    }

    /** Whether anything at all was said about this instance in this view. */
    boolean started() {
        return accepted != null || wanted != null;
    }
}
