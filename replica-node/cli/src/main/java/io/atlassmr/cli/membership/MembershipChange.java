package io.atlassmr.cli.membership;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.admin.answer.CheckpointsAnswer;
import io.atlassmr.admin.answer.DrainAnswer;
import io.atlassmr.admin.answer.MembershipAnswer;
import io.atlassmr.admin.answer.ReconfigurationAnswer;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.process.ReplicaProcesses;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.verify.CommandSigning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Asks a cluster's members to change themselves, and sees what becomes of it. Nothing is believed because one replica said so: an
 * outcome is what {@code f + 1} of them say, and members are those that the chain of epochs proves.
 */
public final class MembershipChange {

    private static final Duration DECIDED_WITHIN = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 100;

    private final ReplicaProcesses processes;
    private final ClusterDirectory directory;
    private final AdminClient admin;
    private final Ed25519Identity administrator;

    public MembershipChange(ReplicaProcesses processes, AdminClient admin) {
        this.processes = processes;
        this.directory = processes.directory();
        this.admin = admin;
        this.administrator = directory.clientIdentity();
    }

    /**
     * The newest members that can be proven, from the cluster's first ones on; remembered in the cluster's directory.
     *
     * @throws CommandException if no member that runs can be asked
     */
    public ClusterDescription refresh() {
        ClusterDescription newest = null;
        CommandException failure = new CommandException(
                "no replica of the cluster in " + directory.root() + " runs: start it with ./atlas up");
        for (Member member : running()) {
            try {
                ClusterDescription proven = ChainReader.follow(directory.genesis(), member, admin);
                if (newest == null || proven.epoch() > newest.epoch()) {
                    newest = proven;
                }
            } catch (CommandException e) {
                failure = e;
            }
        }
        if (newest == null) {
            throw failure;
        }
        directory.remember(newest);
        return directory.cluster();
    }

    private List<Member> running() {
        return directory.cluster().members().stream()
                .filter(member -> processes.process(member.id()).isPresent())
                .toList();
    }

    /**
     * Signs a command for the current epoch, has it decided, and waits for that.
     *
     * @return the decision it is in
     * @throws CommandException if the members refuse it, with the reason, or too few of them answer in time
     */
    public long ask(Command command) {
        ClusterDescription cluster = refresh();
        SignedCommand signed = CommandSigning.sign(
                cluster.clusterId(),
                administrator,
                TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()),
                cluster.epoch(),
                command);
        return await(give(member -> admin.reconfigure(member, signed)));
    }

    /**
     * Has a member make a new key and change to it.
     *
     * @return the decision in which that was agreed on
     */
    public long rotateKey(int id) {
        ClusterDescription cluster = refresh();
        try {
            return await(admin.rotateKey(directory.member(id), cluster.epoch()).join());
        } catch (CompletionException e) {
            throw new CommandException("replica " + id + " does not change its key: " + AdminClient.reason(e), e);
        }
    }

    /**
     * Has a replica leave leading and clients to others, and waits until it does.
     *
     * @param leave whether it is to wish to be removed from the members, too; waits until that is decided
     * @return whether it served before
     * @throws CommandException if it cannot, or the members refuse to let it go: then it has drained all the same
     */
    public boolean drain(int id, boolean leave) {
        ClusterDescription cluster = refresh();
        boolean served = serves(id);
        DrainAnswer given = ofReplica(id, member -> admin.drain(member, leave, cluster.epoch()));
        if (given.leave() != null) {
            long _ = await(given.leave());
        }
        DrainAnswer _ = poll(
                DECIDED_WITHIN,
                () -> Optional.of(ofReplica(id, admin::drainState)).filter(answer -> "DRAINED".equals(answer.state())),
                () -> "replica " + id + " to lead nobody");
        return served;
    }

    private boolean serves(int id) {
        return "SERVING".equals(ofReplica(id, admin::drainState).state());
    }

    /**
     * Has a replica lead and serve clients again.
     *
     * @return whether it did not
     */
    public boolean resume(int id) {
        boolean served = serves(id);
        DrainAnswer _ = ofReplica(id, admin::resume);
        return !served;
    }

    private <T> T ofReplica(int id, Function<Member, CompletableFuture<T>> question) {
        try {
            return question.apply(directory.member(id)).join();
        } catch (CompletionException e) {
            throw new CommandException("replica " + id + " does not do it: " + AdminClient.reason(e), e);
        }
    }

    /** The policy of checkpoints that enough members name. */
    public CheckpointsAnswer.Policy checkpointPolicy() {
        ClusterDescription _ = refresh();
        return poll(
                        DECIDED_WITHIN,
                        () -> said(admin::checkpoints, CheckpointsAnswer::policy),
                        () -> "the members to name one policy")
                .policy();
    }

    /** The replicas that may join, as enough members say alike. */
    public List<MembershipAnswer.Admission> admissions() {
        ClusterDescription _ = refresh();
        return said(admin::membership, MembershipAnswer::admissions)
                .map(MembershipAnswer::admissions)
                .orElse(List.of());
    }

    /** Gives something to one member that takes it. */
    private ReconfigurationAnswer give(Function<Member, CompletableFuture<ReconfigurationAnswer>> to) {
        String reason = "none runs";
        for (Member member : running()) {
            try {
                return to.apply(member).join();
            } catch (CompletionException e) {
                reason = AdminClient.reason(e);
            }
        }
        throw new CommandException("no replica takes the command: " + reason);
    }

    private long await(ReconfigurationAnswer given) {
        ReconfigurationAnswer outcome = poll(
                DECIDED_WITHIN,
                () -> said(member -> admin.reconfiguration(member, given.command()), ReconfigurationAnswer::state)
                        .filter(answer -> !"PENDING".equals(answer.state())),
                () -> "a decision on the command");
        if ("REFUSED".equals(outcome.state())) {
            throw new CommandException("the members refuse: " + outcome.detail());
        }
        return outcome.sequenceNumber() == null ? 0 : outcome.sequenceNumber();
    }

    /** What at least f + 1 members say alike; empty if there is no such thing. */
    private <T> Optional<T> said(Function<Member, CompletableFuture<T>> question, Function<T, Object> what) {
        int witnesses = ClusterSpec.faults(directory.cluster().members().size()) + 1;
        List<CompletableFuture<Optional<T>>> asked = new ArrayList<>();
        for (Member member : running()) {
            asked.add(question.apply(member).thenApply(Optional::of).exceptionally(_ -> Optional.empty()));
        }
        Map<Object, Integer> count = new HashMap<>();
        for (CompletableFuture<Optional<T>> one : asked) {
            Optional<T> answer = one.join();
            if (answer.isPresent() && count.merge(what.apply(answer.get()), 1, Integer::sum) >= witnesses) {
                return answer;
            }
        }
        return Optional.empty();
    }

    /**
     * Waits until the members are as wished, by proof, and enough of them have gone on as such that clients get their answers.
     *
     * @param progress told what is waited for
     */
    public ClusterDescription awaitMembers(
            String wish, Predicate<ClusterDescription> wished, Duration timeout, Consumer<String> progress) {
        return poll(
                timeout,
                () -> {
                    progress.accept(wish);
                    ClusterDescription now = refresh();
                    return wished.test(now) && hasBegun(now) ? Optional.of(now) : Optional.empty();
                },
                () -> wish);
    }

    private boolean hasBegun(ClusterDescription cluster) {
        return said(admin::status, AdminStatus::epoch)
                .filter(status -> status.epoch() >= cluster.epoch())
                .isPresent();
    }

    /** Waits until enough members say that this one leads. */
    public void awaitLeader(int id, Duration timeout) {
        AdminStatus _ = poll(
                timeout,
                () -> said(admin::status, AdminStatus::leader).filter(status -> status.leader() == id),
                () -> "replica " + id + " to lead");
    }

    private interface Look<T> {
        Optional<T> look();
    }

    private interface Awaited {
        String what();
    }

    private static <T> T poll(Duration timeout, Look<T> look, Awaited awaited) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (true) {
            Optional<T> seen = look.look();
            if (seen.isPresent()) {
                return seen.get();
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new CommandException("waited " + timeout.toSeconds() + " s for " + awaited.what()
                        + " in vain; ./atlas status shows how the replicas are");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandException("interrupted while waiting for " + awaited.what(), e);
            }
        }
    }
}
