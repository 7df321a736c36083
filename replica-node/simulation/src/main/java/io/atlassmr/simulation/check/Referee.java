package io.atlassmr.simulation.check;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Vote;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import io.atlassmr.protocol.view.NewViewPlan;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.OrderedExecution;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Watches the honest replicas of a run, across their restarts. Throws {@link Violation} at the step that breaks a promise. */
public final class Referee {

    private final Set<Integer> liars;
    private final TreeMap<Long, Decision> decisions = new TreeMap<>();
    private final TreeMap<Long, Digest> states = new TreeMap<>();
    private final TreeMap<Long, SignedStatements> statements = new TreeMap<>();
    private EpochHistory epochs;
    private final Set<Digest> requested = new HashSet<>();
    private final Map<Long, Digest> checkpoints = new TreeMap<>();
    private final TreeMap<Long, Boolean> checkpointsDue = new TreeMap<>();
    private final Map<Integer, Set<Long>> replied = new TreeMap<>();
    private final Map<Integer, Set<Integer>> approvers = new TreeMap<>();
    private final Set<Integer> joining = new HashSet<>();
    private long evidence;
    private long changesBegun;
    private Violation failure;

    /**
     * @param genesis the members of the first epoch
     * @param liars replicas that are bound by nothing
     */
    public Referee(Membership genesis, Set<Integer> liars) {
        this.epochs = EpochHistory.of(genesis);
        this.liars = liars;
    }

    /** Whether the replica does not lie. */
    public boolean isHonest(int replica) {
        return !liars.contains(replica);
    }

    /** Something was broken where nobody can throw it; the run ends after the step. */
    public void fail(Violation violation) {
        failure = failure == null ? violation : failure;
    }

    /** Throws what {@link #fail} was told. */
    public void requireNone() {
        if (failure != null) {
            throw failure;
        }
    }

    /** A replica signed a message. */
    public void onSigned(int replica, ProtocolMessage message, long epoch) {
        if (isHonest(replica)) {
            requireMember(replica, message, epoch);
            noteJoin(replica, message);
            statements.computeIfAbsent(epoch, _ -> new SignedStatements()).add(replica, message);
        }
    }

    private void noteJoin(int replica, ProtocolMessage message) {
        switch (message) {
            case JoinRequest _ -> joining.add(replica);
            case JoinApproval approval ->
                approvers
                        .computeIfAbsent(approval.newcomer(), _ -> new HashSet<>())
                        .add(replica);
            default -> {}
        }
    }

    /** Whether the replica, which is honest, has ever signed its position to ask to join. */
    public boolean hasAskedToJoin(int replica) {
        return joining.contains(replica);
    }

    /** How many honest members have ever approved of this newcomer. */
    public int approvers(int newcomer) {
        return approvers.getOrDefault(newcomer, Set.of()).size();
    }

    /** Nobody speaks who is no member, and nobody speaks of what belongs to another epoch. */
    private void requireMember(int replica, ProtocolMessage message, long number) {
        Epoch epoch = epochs.of(number).orElse(null);
        if (epoch == null || message instanceof JoinRequest) {
            return;
        }
        if (!epoch.membership().contains(replica)) {
            throw new Violation("membership: replica " + replica + " signs " + message + " in epoch " + number
                    + ", of which it is no member");
        }
        long sequenceNumber = switch (message) {
            case PrePrepare m -> m.sequenceNumber();
            case Vote m -> m.sequenceNumber();
            default -> epoch.base() + 1;
        };
        if (epochs.at(sequenceNumber).number() != number) {
            throw new Violation("membership: replica " + replica + " signs " + message + " in epoch " + number
                    + ", the place belongs to epoch "
                    + epochs.at(sequenceNumber).number());
        }
    }

    /** A replica goes on in another epoch. */
    public void onEpochEntered(int replica, Epoch epoch) {
        if (isHonest(replica)) {
            learn("replica " + replica, epoch);
        }
    }

    private void learn(String who, Epoch epoch) {
        Epoch known = epochs.of(epoch.number()).orElse(null);
        if (known == null && epoch.number() == epochs.latest().number() + 1) {
            epochs = epochs.plus(epoch);
        } else if (!epoch.equals(known)) {
            throw new Violation("membership: " + who + " is in " + epoch + ", others are in " + known);
        }
    }

    /** The last epoch that an honest replica entered. */
    public Epoch epoch() {
        return epochs.latest();
    }

    /** A replica writes down what it must not forget. */
    public void onPersisted(int replica, LogRecord record) {
        if (isHonest(replica)
                && record instanceof LogRecord.ViewRecord(long epoch, long view, boolean _, Signed<NewView> opened)
                && opened != null) {
            statements
                    .computeIfAbsent(epoch, _ -> new SignedStatements())
                    .open(replica, view, NewViewPlan.of(opened.message()));
        }
    }

    /** All epochs that honest replicas have entered. */
    public List<Epoch> epochs() {
        return epochs.epochs();
    }

    /** Somebody begins to change the membership. */
    public void onChangeBegun() {
        changesBegun++;
    }

    /** An honest client sends a bundle with this digest. */
    public void onRequested(Digest bundle) {
        requested.add(bundle);
    }

    /** A replica executes a request of an honest client. */
    void onAnswered(int replica, ClientBundle bundle) {
        if (isHonest(replica) && !requested.contains(bundle.digest())) {
            throw new Violation(
                    "requests: replica " + replica + " executes what client " + bundle.clientId() + " never asked for");
        }
    }

    /** The members agree that these are proven to lie. */
    public void onBarred(Set<Integer> members) {
        for (int member : members) {
            if (isHonest(member)) {
                throw new Violation("evidence: the members agree to bar replica " + member + ", which does not lie");
            }
        }
    }

    /** A replica takes a checkpoint after a decision that it executed, or takes none there. */
    public void onCheckpointDue(int replica, long sequenceNumber, boolean isDue) {
        if (isHonest(replica)) {
            Boolean known = checkpointsDue.putIfAbsent(sequenceNumber, isDue);
            if (known != null && known != isDue) {
                throw new Violation("checkpoints: replica " + replica + " takes " + (isDue ? "one" : "none") + " after "
                        + sequenceNumber + ", others do " + (isDue ? "not" : ""));
            }
        }
    }

    /** A replica holds a decision to be the next of the total order, or to have been it before a restart. */
    public void onDelivered(int replica, Decision decision) {
        if (isHonest(replica)) {
            if (decision.batch().epoch() != null) {
                learn("replica " + replica, decision.batch().epoch());
            }
            requireQuorum("decisions: replica " + replica + " delivers", decision.certificate());
            Decision first = decisions.putIfAbsent(decision.sequenceNumber(), decision);
            if (first != null && !first.batch().equals(decision.batch())) {
                throw new Violation("agreement: replica " + replica + " decides "
                        + decision.batch().digest() + " at "
                        + decision.sequenceNumber() + ", another decided "
                        + first.batch().digest());
            }
        }
    }

    /** A replica executed a decision. */
    public void onExecuted(int replica, ExecutedBatch batch) {
        if (isHonest(replica)) {
            Digest first = states.putIfAbsent(batch.sequenceNumber(), batch.stateDigest());
            if (first != null && !first.equals(batch.stateDigest())) {
                throw new Violation("state: replica " + replica + " has state " + batch.stateDigest() + " after "
                        + batch.sequenceNumber() + ", another has " + first);
            }
        }
    }

    /** A replica took over a state that a quorum vouches for. */
    public void onInstalled(int replica, long sequenceNumber, OrderedExecution execution) {
        if (isHonest(replica) && execution.lastExecuted() == sequenceNumber) {
            Digest known = states.get(sequenceNumber);
            if (known != null && !known.equals(execution.stateDigest())) {
                throw new Violation("state: replica " + replica + " installs state " + execution.stateDigest() + " at "
                        + sequenceNumber + ", another has " + known);
            }
        }
    }

    /** A replica believes a checkpoint: it keeps its own because of this certificate, or fetches it. */
    public void onCheckpoint(int replica, Certificate certificate) {
        if (!isHonest(replica)) {
            return;
        }
        requireQuorum("checkpoints: replica " + replica + " believes", certificate);
        Digest first = checkpoints.putIfAbsent(certificate.sequenceNumber(), certificate.digest());
        if (first != null && !first.equals(certificate.digest())) {
            throw new Violation("checkpoints: replica " + replica + " believes " + certificate.digest()
                    + " to be checkpoint " + certificate.sequenceNumber() + ", another believes " + first);
        }
    }

    private void requireQuorum(String who, Certificate certificate) {
        Epoch epoch = epochs.at(certificate.sequenceNumber());
        long signers = certificate.signatures().stream()
                .map(VoteSignature::signer)
                .filter(epoch.membership()::contains)
                .distinct()
                .count();
        int quorum = new Quorum(epoch.membership().members().size()).size();
        if (signers < quorum) {
            throw new Violation(who + " " + certificate.sequenceNumber() + " that " + signers + " members of epoch "
                    + epoch.number() + " signed, a quorum is " + quorum);
        }
    }

    /** A replica tells clients, unasked, what a decision gave: once, whatever it executes again. */
    public void onReplied(int replica, long sequenceNumber) {
        boolean first = replied.computeIfAbsent(replica, _ -> new HashSet<>()).add(sequenceNumber);
        if (!first && isHonest(replica)) {
            throw new Violation("replies: replica " + replica + " answers decision " + sequenceNumber + " twice");
        }
    }

    /** Every decision from the first on, each as some honest replica delivered it. */
    public List<Decision> decisions() {
        return List.copyOf(decisions.values());
    }

    /** A replica holds proof against a member. */
    public void onEvidence(int replica, int accused, String what) {
        if (isHonest(replica)) {
            if (isHonest(accused)) {
                throw new Violation(
                        "evidence: replica " + replica + " accuses honest replica " + accused + ", which " + what);
            }
            evidence++;
        }
    }

    /** A replica did not believe a frame. */
    public void onRefused(int replica, int from, Exception reason) {
        // What a replica does not know yet, it is told again.
        boolean isEarly = reason instanceof RejectedMessageException rejected
                && (rejected.reason() == Reason.WRONG_EPOCH || rejected.reason() == Reason.NOT_A_MEMBER);
        if (isHonest(replica) && isHonest(from) && !(isEarly && epochs.latest().number() + changesBegun > 1)) {
            throw new Violation("frames: replica " + replica + " refuses a frame of honest node " + from, reason);
        }
    }

    /** The highest decision of any honest replica, 0 before the first. */
    public long lastDecided() {
        return decisions.isEmpty() ? 0 : decisions.lastKey();
    }

    /** How often honest replicas reported evidence. */
    public long evidence() {
        return evidence;
    }
}
