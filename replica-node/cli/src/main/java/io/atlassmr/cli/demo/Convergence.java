package io.atlassmr.cli.demo;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.admin.ClusterView;
import io.atlassmr.cli.cluster.process.ReplicaProcesses;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Watches that replicas have the same state at the same decision, and waits until all have the same. */
public final class Convergence {

    private static final long POLL_MILLIS = 50;

    private final ReplicaProcesses processes;
    private final AdminClient admin;
    private final Map<Long, String> digests = new HashMap<>();
    private final Set<Integer> diverged = new TreeSet<>();

    public Convergence(ReplicaProcesses processes, AdminClient admin) {
        this.processes = processes;
        this.admin = admin;
    }

    /** Asks all replicas, and compares what they say with one another and with what was said before. */
    public ClusterView look() {
        ClusterView view = ClusterView.ask(processes, admin);
        diverged.addAll(view.diverged());
        for (AdminStatus status : view.statuses()) {
            String known = digests.putIfAbsent(status.stateSequenceNumber(), status.stateDigest());
            if (known != null && !known.equals(status.stateDigest())) {
                diverged.add(status.replicaId());
            }
        }
        return view;
    }

    /** Ids of replicas that were seen with another state than others had at the same decision. */
    public Set<Integer> diverged() {
        return Set.copyOf(diverged);
    }

    /**
     * Waits until all replicas run, are ready and have the same state at the same decision, or one diverged. Nothing may change
     * the state meanwhile.
     *
     * @throws CommandException if that does not come about in time; with what each said last
     */
    public ClusterView await(Duration timeout) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (true) {
            ClusterView view = look();
            if (view.agreed() || !diverged.isEmpty()) {
                return view;
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                StringBuilder said = new StringBuilder();
                view.replicas()
                        .forEach(replica -> said.append("\n    replica ")
                                .append(replica.id())
                                .append(": ")
                                .append(replica.state().label())
                                .append(replica.status()
                                        .map(status ->
                                                ", executed " + status.lastExecuted() + ", view " + status.view())
                                        .orElse("")));
                throw new CommandException(
                        "the replicas do not have the same state after " + timeout.toSeconds() + " s:" + said);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}
