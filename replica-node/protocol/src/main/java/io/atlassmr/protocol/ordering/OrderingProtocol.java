package io.atlassmr.protocol.ordering;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Vote;
import java.util.List;
import java.util.SortedMap;

/** Agreement on batches in a sequence, within a view. Single-threaded; effects go to the outbox it was made with. */
public interface OrderingProtocol {

    /** Takes a verified proposal of the current view's leader with its body. */
    void receive(Signed<PrePrepare> proposal, Batch batch, Time now);

    /** Takes a verified vote of a member. */
    void receiveVote(Signed<? extends Vote> vote);

    /** Takes a body; ignored unless an instance lacks it. */
    void receiveBody(Batch batch);

    /**
     * Takes verified decisions, ascending; those that do not follow the last one here are left.
     *
     * @param answeredUpTo clients have the answers of decisions up to here from others
     */
    void receiveDecisions(List<Decision> decisions, long answeredUpTo);

    /** Stops voting and proposing, or begins again. Decisions that others make are taken all the same. */
    void setVoting(boolean votes);

    /** Hands nothing to execution until {@link #install} or {@link #resumeDeliveries}. */
    void holdDeliveries();

    /** Hands decisions to execution again. */
    void resumeDeliveries();

    /** The state holds everything up to {@code sequenceNumber}, and the log's decisions above it up to {@code executedUpTo}. */
    void install(long sequenceNumber, long executedUpTo);

    /** The application has executed everything up to here. */
    void executed(long sequenceNumber);

    /** Whether this replica, leading, may propose another batch now. */
    boolean mayPropose();

    /** Where this replica, leading, proposes next. */
    long nextProposal();

    /** Instances proposed and not yet delivered. */
    long inFlight();

    /** Bytes of the batches that this replica proposed in this view and that are not delivered yet. */
    long bytesInFlight();

    /** Proposes a batch at the next sequence number. Only if {@link #mayPropose}. */
    void propose(Batch batch);

    /** Stops voting: the view is over. */
    void leaveView();

    /**
     * Opens a view.
     *
     * @param base everything up to here is decided somewhere, and nothing else is agreed on there
     * @param decided verified commit certificates of the last window up to {@code base}
     * @param plan what the view must decide above {@code base}, without gaps
     */
    void enterView(long view, long base, List<Certificate> decided, SortedMap<Long, Digest> plan);

    /**
     * Holds the open view to what it was opened with again after a restart. As {@link #enterView} otherwise.
     */
    void resumeView(long base, List<Certificate> decided, SortedMap<Long, Digest> plan);

    /** Sends again what has not led to a decision. */
    void repeat();

    /** Asks a peer, each time another, for the bodies that are missing. */
    void askForBodies();

    /** Sends a peer what it lacks of these instances. */
    void serve(int to, long fromSequenceNumber, long toSequenceNumber);

    /** The prepared certificates above the last delivery, ascending. */
    List<Certificate> preparedCertificates();

    /** The commit certificates of the last window up to the last delivery, within the epoch, ascending. */
    List<Certificate> decidedCertificates();

    /** Whether everything in the epoch is delivered. */
    boolean isOver();

    /** Votes and delivers no more; what the next epoch's ordering starts from. */
    OrderingState conclude();

    /** Position of the last decision handed to execution, 0 before the first. */
    long lastDelivered();

    /** Commit certificate of the last decision handed to execution, null if it is not in memory. */
    Certificate lastCertificate();

    /** Position of the last decision executed, 0 before the first. */
    long lastExecuted();

    /** The highest position this replica voted to commit at, or knows decided. A read must not be answered from before it. */
    long lastCommitted();

    /** Whether an instance waits for its decision. */
    boolean hasUndecided();

    /** Whether this replica holds agreement back because its own execution lags. */
    boolean waitsForExecution();
}
