package io.atlassmr.cli.membership;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.CheckpointsAnswer;
import io.atlassmr.admin.answer.MembershipAnswer.Admission;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.UsageException;
import io.atlassmr.cli.cluster.creation.ReplicaCreation;
import io.atlassmr.cli.cluster.creation.ReplicaMove;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.process.Readiness;
import io.atlassmr.cli.cluster.process.ReplicaProcesses;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.protocol.message.Command;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Changes of a local cluster's members from beginning to end, with the processes that belong to them. Each may be repeated after it was
 * interrupted, and goes on where it was.
 */
public final class MembershipOperations {

    private static final Duration ADMITTED_FOR = Duration.ofHours(1);
    private static final Duration CAUGHT_UP_WITHIN = Duration.ofMinutes(10);
    private static final Duration CHANGED_WITHIN = Duration.ofMinutes(2);
    private static final Duration STOP_GRACE = Duration.ofSeconds(20);

    private final ReplicaProcesses processes;
    private final ClusterDirectory directory;
    private final MembershipChange change;
    private final IntConsumer starter;
    private final Consumer<String> progress;

    /** @param progress told what is waited for, again and again */
    public MembershipOperations(ReplicaProcesses processes, AdminClient admin, Consumer<String> progress) {
        this(
                processes,
                id -> {
                    ProcessHandle _ = processes.start(id);
                },
                admin,
                progress);
    }

    /** @param starter starts a replica */
    public MembershipOperations(
            ReplicaProcesses processes, IntConsumer starter, AdminClient admin, Consumer<String> progress) {
        this.starter = starter;
        this.processes = processes;
        this.directory = processes.directory();
        this.change = new MembershipChange(processes, admin);
        this.progress = progress;
    }

    /** An id that no replica here ever had. */
    public int nextId() {
        return 1
                + Math.max(
                        directory.everyone().getLast(),
                        change.refresh().members().getLast().id());
    }

    /**
     * The replica to go on with, if an earlier command was interrupted: one that is admitted and has its files here; otherwise the next.
     *
     * @param replaces the member that leaves when it joins, {@link Command.Admit#NOBODY} if none does
     */
    public int newcomer(int replaces) {
        return change.admissions().stream()
                .filter(admission -> isForPlaceOf(replaces, admission) && isHere(admission))
                .map(admission -> admission.newcomer().id())
                .findFirst()
                .orElseGet(this::nextId);
    }

    private static boolean isForPlaceOf(int replaced, Admission admission) {
        return replaced == (admission.replaces() == null ? Command.Admit.NOBODY : admission.replaces());
    }

    private boolean isHere(Admission admission) {
        int id = admission.newcomer().id();
        return directory.everyone().contains(id)
                && HexFormat.of()
                        .formatHex(directory.member(id).publicKey())
                        .equals(admission.newcomer().publicKey());
    }

    /**
     * Makes the files of a replica, if they are not there, and has it admitted, if it is not.
     *
     * @param replaces the member that leaves when it joins, {@link Command.Admit#NOBODY} if none does
     * @return the decision that admits it; 0 if it was admitted before
     */
    public long admit(int id, int replaces) {
        Member newcomer = ReplicaCreation.create(directory, id);
        boolean admitted = change.admissions().stream()
                .anyMatch(admission ->
                        admission.newcomer().id() == id && isForPlaceOf(replaces, admission) && isHere(admission));
        if (admitted) {
            return 0;
        }
        progress.accept("the members to admit replica " + id);
        return change.ask(new Command.Admit(
                new io.atlassmr.protocol.membership.Member(
                        id, newcomer.publicKey(), newcomer.host(), newcomer.peerPort(), newcomer.clientPort()),
                System.currentTimeMillis() + ADMITTED_FOR.toMillis(),
                replaces));
    }

    /** Takes an admission back. */
    public long withdraw(int id) {
        return change.ask(new Command.Withdraw(id));
    }

    /** Starts an admitted replica, if it does not run, and waits until it is a member. */
    public ClusterDescription join(int id) {
        ClusterDescription now = change.refresh();
        if (!contains(now, id) && processes.process(id).isEmpty()) {
            starter.accept(id);
        }
        return change.awaitMembers(
                "replica " + id + " to catch up and join",
                cluster -> {
                    if (!contains(cluster, id) && processes.process(id).isEmpty()) {
                        throw new CommandException(
                                "replica " + id + " ended instead of joining; its log is " + directory.logFile(id));
                    }
                    return contains(cluster, id);
                },
                CAUGHT_UP_WITHIN,
                progress);
    }

    /** Has a member removed, and stops it once it is none any more. */
    public ClusterDescription leave(int id) {
        ClusterDescription now = change.refresh();
        if (contains(now, id)) {
            progress.accept("the members to let replica " + id + " go");
            long _ = change.ask(new Command.Leave(id));
        } else if (!directory.everyone().contains(id)) {
            throw new UsageException("there is no replica " + id + " in " + directory.root());
        }
        now = change.awaitMembers(
                "the members to go on without replica " + id,
                cluster -> !contains(cluster, id),
                CHANGED_WITHIN,
                progress);
        stop(id);
        return now;
    }

    /** Puts a new replica in the place of a member, which is stopped once it is none any more. */
    public ClusterDescription replace(int oldId, int newId) {
        ClusterDescription now = change.refresh();
        if (!contains(now, newId)) {
            if (!contains(now, oldId)) {
                throw new UsageException("replica " + oldId
                        + " is no member; if it was replaced and still runs, ./atlas leave " + oldId + " stops it");
            }
            long _ = admit(newId, oldId);
            now = join(newId);
        }
        stop(oldId);
        return now;
    }

    private void stop(int id) {
        progress.accept("replica " + id + " to end");
        List<Integer> _ = processes.stop(List.of(id), STOP_GRACE);
    }

    /** Has a member change its key. */
    public ClusterDescription rotateKey(int id) {
        byte[] before = key(change.refresh(), id);
        progress.accept("the members to agree on the new key of replica " + id);
        long _ = change.rotateKey(id);
        return change.awaitMembers(
                "the new key of replica " + id + " to be in force",
                cluster -> !Arrays.equals(before, key(cluster, id)),
                CHANGED_WITHIN,
                progress);
    }

    private static byte[] key(ClusterDescription cluster, int id) {
        return member(cluster, id).publicKey();
    }

    private static Member member(ClusterDescription cluster, int id) {
        return cluster.members().stream()
                .filter(member -> member.id() == id)
                .findFirst()
                .orElseThrow(() -> new UsageException("replica " + id + " is no member"));
    }

    /** What is proven of a member. */
    public Member member(int id) {
        return member(change.refresh(), id);
    }

    /** Has a member be reached elsewhere, and has it listen there: restarts it if it runs here. */
    public ClusterDescription move(int id, String host, int peerPort, int clientPort) {
        if (!isAt(member(id), host, peerPort, clientPort)) {
            progress.accept("the members to agree on where replica " + id + " is");
            long _ = change.ask(new Command.Move(id, host, peerPort, clientPort));
        }
        ClusterDescription now = change.awaitMembers(
                "the new address of replica " + id + " to be in force",
                cluster -> isAt(member(cluster, id), host, peerPort, clientPort),
                CHANGED_WITHIN,
                progress);
        if (directory.everyone().contains(id)
                && ReplicaMove.write(directory, directory.member(id))
                && processes.process(id).isPresent()) {
            stop(id);
            starter.accept(id);
            progress.accept("replica " + id + " to be ready at its new address");
            new Readiness(processes).await(List.of(id), Readiness.startTimeout(1), _ -> {});
        }
        return now;
    }

    private static boolean isAt(Member member, String host, int peerPort, int clientPort) {
        return member.host().equals(host) && member.peerPort() == peerPort && member.clientPort() == clientPort;
    }

    /** Has a member lead. */
    public void lead(int id) {
        progress.accept("replica " + id + " to lead");
        long _ = change.ask(new Command.Lead(id));
        change.awaitLeader(id, CHANGED_WITHIN);
    }

    /** Has a replica leave leading and clients to others; it votes on. Whether it did not drain before. */
    public boolean drain(int id) {
        progress.accept("replica " + id + " to lead nobody");
        return change.drain(id, false);
    }

    /** Has a replica leave leading and clients to others, and wish itself to be removed; returns when it is no member. */
    public ClusterDescription drainAndLeave(int id) {
        progress.accept("the members to let replica " + id + " go");
        boolean _ = change.drain(id, true);
        return change.awaitMembers(
                "the members to go on without replica " + id,
                cluster -> !contains(cluster, id),
                CHANGED_WITHIN,
                progress);
    }

    /** Has a replica lead and serve clients again. Whether it drained. */
    public boolean resume(int id) {
        return change.resume(id);
    }

    /** When checkpoints are taken and how many are kept, as the members agree. */
    public CheckpointsAnswer.Policy checkpointPolicy() {
        return change.checkpointPolicy();
    }

    /** Has any other command decided; the decision it is in. */
    public long ask(Command command) {
        return change.ask(command);
    }

    /** The newest members that can be proven. */
    public ClusterDescription members() {
        return change.refresh();
    }

    private static boolean contains(ClusterDescription cluster, int id) {
        return cluster.members().stream().anyMatch(member -> member.id() == id);
    }
}
