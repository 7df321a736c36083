package io.atlassmr.server.cluster;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.replica.ReplicaEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What a replica told about itself since its start, for tests to wait on. Thread-safe. */
public final class History implements ReplicaEvents {

    private final TreeMap<Long, Digest> digests = new TreeMap<>();
    private final List<String> evidence = new ArrayList<>();
    private final List<String> fatal = new ArrayList<>();
    private long view;

    @Override
    public synchronized void onDecisionExecuted(Decision decision, ExecutedBatch executed) {
        digests.put(executed.sequenceNumber(), executed.stateDigest());
        notifyAll();
    }

    @Override
    public synchronized void onViewInstalled(long installed, int leader) {
        view = installed;
        notifyAll();
    }

    @Override
    public void onViewTransferStarted(long asked) {}

    @Override
    public synchronized void onCheckpointStable(long sequenceNumber) {
        notifyAll();
    }

    @Override
    public synchronized void onDivergence(long sequenceNumber) {
        evidence.add("diverged at " + sequenceNumber);
    }

    @Override
    public void onPeerDropped(int peer, String why) {}

    @Override
    public void onEpochEntered(Epoch epoch) {}

    @Override
    public void onCommandRefused(SignedCommand command, Refusal refusal) {}

    @Override
    public synchronized void onEvidence(int member, String what) {
        evidence.add("replica " + member + ": " + what);
    }

    @Override
    public synchronized void onFatal(String what, Throwable reason) {
        fatal.add(what + ": " + reason);
        notifyAll();
    }

    /** Waits until the history is so; the test's time-out bounds it. */
    public synchronized void await(Predicate<History> condition) throws InterruptedException {
        while (!condition.test(this)) {
            if (!fatal.isEmpty()) {
                throw new AssertionError(fatal.toString());
            }
            wait();
        }
    }

    /** The digest of the state after each decision that was executed since the start. */
    public synchronized SortedMap<Long, Digest> digests() {
        return new TreeMap<>(digests);
    }

    public synchronized long lastExecuted() {
        return digests.isEmpty() ? 0 : digests.lastKey();
    }

    /** The last view that was opened since the start; 0 if none was. */
    public synchronized long view() {
        return view;
    }

    /** Proofs of misbehaviour, and reasons why the replica stopped. */
    public synchronized List<String> complaints() {
        List<String> complaints = new ArrayList<>(evidence);
        complaints.addAll(fatal);
        return complaints;
    }
}
