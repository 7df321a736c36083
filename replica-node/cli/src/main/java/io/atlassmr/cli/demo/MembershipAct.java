package io.atlassmr.cli.demo;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.cluster.EphemeralCluster;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.demo.Demo.Story;
import io.atlassmr.cli.membership.MembershipOperations;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.protocol.message.Command.Admit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The demo's third act: under load a replica joins, and then the leader is removed. Only the members decide that. */
final class MembershipAct {

    private static final Duration LEADER_TIMEOUT = Duration.ofMinutes(1);
    private static final long POLL_MILLIS = 50;

    private final EphemeralCluster cluster;
    private final Workload workload;
    private final Convergence convergence;
    private final Story story;
    private final MembershipOperations operations;

    MembershipAct(
            EphemeralCluster cluster, Workload workload, Convergence convergence, AdminClient admin, Story story) {
        this.cluster = cluster;
        this.workload = workload;
        this.convergence = convergence;
        this.story = story;
        this.operations = new MembershipOperations(
                cluster.processes(),
                id -> cluster.startWithoutWaiting(List.of(id)),
                admin,
                awaited -> story.progress("waiting for " + awaited));
    }

    /**
     * What came of it.
     *
     * @param grownMillis from the wish for another replica until it was a member
     * @param shrunkMillis from the wish that the leader leaves until the members went on without it
     * @param epoch of the members in the end
     */
    record Outcome(long grownMillis, long shrunkMillis, long epoch) {}

    /**
     * Grows by one and shrinks by the leader.
     *
     * @param most operations that the clients do meanwhile
     * @throws CommandException if the members do not change, or the cluster does not go on meanwhile
     */
    Outcome play(long most) throws InterruptedException {
        CompletableFuture<Void> load = workload.start(most);
        long grows = System.nanoTime();
        int newcomer = operations.nextId();
        story.event("the load goes on: replica " + newcomer + " is made, with a key of its own, and asks to join");
        long _ = operations.admit(newcomer, Admit.NOBODY);
        ClusterDescription grown = operations.join(newcomer);
        long grownMillis = millisSince(grows);
        story.event(String.format(
                "replica %d caught up, a quorum vouched for it, and it votes: epoch %d has %d members, after %,d ms",
                newcomer, grown.epoch(), grown.members().size(), grownMillis));

        int leader = leader(grown);
        long shrinks = System.nanoTime();
        ClusterDescription shrunk = operations.leave(leader);
        long shrunkMillis = millisSince(shrinks);
        story.event(String.format(
                "the leader, replica %d, was removed: epoch %d has the members %s, proven from the first ones, after %,d ms",
                leader,
                shrunk.epoch(),
                shrunk.members().stream().map(Member::id).toList(),
                shrunkMillis));
        workload.stop();
        DiskLoss.drain(load);
        return new Outcome(grownMillis, shrunkMillis, shrunk.epoch());
    }

    private int leader(ClusterDescription members) throws InterruptedException {
        int witnesses = ClusterSpec.faults(members.members().size()) + 1;
        long deadlineNanos = System.nanoTime() + LEADER_TIMEOUT.toNanos();
        while (true) {
            Optional<Integer> leader = convergence.look().leader(witnesses);
            if (leader.isPresent()) {
                return leader.get();
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new CommandException("no " + witnesses + " replicas of "
                        + cluster.directory().ids() + " named the same leader for " + LEADER_TIMEOUT.toSeconds()
                        + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
