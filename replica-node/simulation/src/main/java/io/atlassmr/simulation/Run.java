package io.atlassmr.simulation;

import io.atlassmr.kv.InMemoryKvState;
import io.atlassmr.kv.KvApplication;
import io.atlassmr.protocol.evidence.EvidenceStatus;
import io.atlassmr.protocol.evidence.KeptProof;
import io.atlassmr.protocol.evidence.Severity;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.simulation.check.Acknowledgements;
import io.atlassmr.simulation.check.ExecutionLog;
import io.atlassmr.simulation.check.History;
import io.atlassmr.simulation.check.Linearizability;
import io.atlassmr.simulation.check.Referee;
import io.atlassmr.simulation.check.Violation;
import io.atlassmr.simulation.client.SimulatedClient;
import io.atlassmr.simulation.fault.Nemesis;
import io.atlassmr.simulation.fault.Occurrences;
import io.atlassmr.simulation.network.Nodes;
import io.atlassmr.simulation.plot.Plot;
import io.atlassmr.simulation.plot.Stage;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.replica.ReplicaProcess;
import io.atlassmr.simulation.replica.World;
import io.atlassmr.simulation.scenario.FaultKind;
import io.atlassmr.simulation.scenario.Scenario;
import io.atlassmr.simulation.time.VirtualTime;
import io.atlassmr.simulation.trace.Trace;
import io.atlassmr.simulation.trace.TraceEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** One run: builds the world of a scenario, lets its time pass, and judges it. */
final class Run {

    private static final long MAX_TASKS = 20_000_000;
    private static final long CHECK_EVERY_TASKS = 64;

    private final Scenario scenario;
    private final VirtualTime time = new VirtualTime();
    private final Trace trace;
    private final Referee referee;
    private final History history = new History();
    private final Occurrences occurrences = new Occurrences();
    private final Cluster cluster;
    private final Nemesis nemesis;
    private final Plot plot;

    Run(Scenario scenario, SimulationOptions options) {
        this.scenario = scenario;
        this.trace = new Trace(time, options.trace());
        this.cluster = new Cluster(scenario, options.seams(), time, trace, history, occurrences);
        this.referee = cluster.world().referee();
        this.nemesis = new Nemesis(cluster.world(), cluster.machines(), cluster.clients(), occurrences);
        this.plot = options.plot();
    }

    SimulationResult toEnd() {
        Optional<String> violation = Optional.empty();
        try {
            cluster.machines().forEach(Machine::start);
            cluster.clients().forEach(SimulatedClient::start);
            if (plot == null) {
                passTroubledTime();
            } else {
                follow(plot.start(new Stage(cluster.world(), cluster.machines()), time));
            }
            nemesis.heal();
            cluster.lyingClient().stop();
            cluster.clients().forEach(SimulatedClient::finish);
            requireProgress();
            judge();
        } catch (Violation e) {
            violation = Optional.of("at " + time.nowMillis() + " ms: " + e.getMessage());
        }
        trace.record(Nodes.WORLD, TraceEvent.ENDS, referee.lastDecided(), 0);
        return result(violation);
    }

    private void passTroubledTime() {
        nemesis.start();
        if (scenario.faults().contains(FaultKind.LYING_CLIENT)) {
            cluster.lyingClient().start();
        }
        while (time.nowMicros() < 1000 * scenario.faultMillis()) {
            step();
        }
    }

    private void follow(Plot.Course course) {
        while (!course.isOver()) {
            step();
            if (time.nowMicros() > 1000 * scenario.faultMillis()) {
                throw new Violation("plot: still waits for " + course.awaited() + ", " + standing());
            }
        }
    }

    private void step() {
        if (!time.runNext()) {
            throw new Violation("progress: nothing happens any more");
        }
        referee.requireNone();
        if (time.tasksRun() > MAX_TASKS) {
            throw new Violation("progress: " + MAX_TASKS + " tasks have run without an end");
        }
    }

    private void requireProgress() {
        long untilMicros = 1000 * (scenario.faultMillis() + scenario.progressMillis());
        while (!isSettled()) {
            for (int i = 0; i < CHECK_EVERY_TASKS; i++) {
                step();
            }
            if (time.nowMicros() > untilMicros) {
                throw new Violation(
                        "progress: " + scenario.progressMillis() + " ms after the last fault " + standing());
            }
        }
    }

    /** Whether all clients have their answers, and all honest replicas vote and have the same state. */
    private boolean isSettled() {
        return cluster.clients().stream().allMatch(SimulatedClient::isDone)
                && cluster.honestMembers().stream()
                        .allMatch(machine ->
                                machine.isWhole() && machine.process().lastExecuted() == referee.lastDecided())
                && evidenceHasSpread()
                && noProvenLiarLeads();
    }

    /** What is proven to one honest member, all come to know. */
    private boolean evidenceHasSpread() {
        return evidence().map(EvidenceStatus::faulty).distinct().count() == 1
                && evidence().map(EvidenceStatus::liars).distinct().count() == 1;
    }

    private boolean noProvenLiarLeads() {
        return cluster.honestMembers().stream()
                .map(machine -> machine.process().status())
                .noneMatch(Run::isLedByProvenLiar);
    }

    /** Each epoch begins without prejudice: what was proven in another bars nobody. */
    private static boolean isLedByProvenLiar(ReplicaStatus status) {
        return status.evidence().proofs().stream()
                .map(KeptProof::proof)
                .anyMatch(proof -> proof.accused() == status.leader()
                        && proof.misdeed().epoch() == status.epoch()
                        && proof.misdeed().kind().severity() == Severity.LIE);
    }

    private Stream<EvidenceStatus> evidence() {
        return cluster.honestMembers().stream()
                .map(machine -> machine.process().status().evidence());
    }

    private String standing() {
        StringBuilder text = new StringBuilder("not all is well:");
        cluster.clients().stream()
                .filter(client -> !client.isDone())
                .forEach(client -> text.append("\n    ").append(client.describe()));
        cluster.machines()
                .forEach(machine -> text.append("\n    replica ")
                        .append(machine.id())
                        .append(referee.isHonest(machine.id()) ? " " : " (liar) ")
                        .append(machine.status()));
        return text.toString();
    }

    private void judge() {
        if (referee.lastDecided() == 0) {
            throw new Violation("progress: nothing was decided");
        }
        if (cluster.clients().stream().anyMatch(client -> client.answered() == 0)) {
            throw new Violation("progress: a client has not one result");
        }
        requireEqualStates();
        Acknowledgements.check(
                history,
                executedFromTheFirstOn().stream()
                        .filter(execution -> cluster.world().clients().containsKey(execution.clientId()))
                        .toList());
        Linearizability.check(history);
    }

    /** Everything that was ever executed: a replica that took over a state need not have seen the decisions before it. */
    private List<ExecutionLog.Execution> executedFromTheFirstOn() {
        World world = cluster.world();
        int first = cluster.honest().getFirst().id();
        ExecutionLog log = new ExecutionLog(
                world.seams().duplicates().apply(new SessionTable(ReplicaProcess.SESSIONS)),
                first,
                referee,
                world.clients()::containsKey);
        OrderedExecution execution = new OrderedExecution(
                new KvApplication(new InMemoryKvState()),
                log,
                scenario.protocol().checkpointInterval(),
                world.initial());
        for (Decision decision : referee.decisions()) {
            referee.onExecuted(first, execution.execute(decision));
        }
        return log.executions();
    }

    private void requireEqualStates() {
        List<byte[]> snapshots = cluster.honestMembers().stream()
                .map(machine -> machine.process().snapshot())
                .toList();
        for (byte[] snapshot : snapshots) {
            if (!Arrays.equals(snapshot, snapshots.getFirst())) {
                throw new Violation("state: the application's state differs between honest replicas");
            }
        }
    }

    private SimulationResult result(Optional<String> violation) {
        countOccurrences();
        long viewChanges = cluster.honest().stream()
                .mapToLong(machine -> machine.statistics().installedViews())
                .max()
                .orElse(0);
        return new SimulationResult(
                scenario.seed(),
                violation,
                scenario.replicas(),
                cluster.world().membership().quorum().f(),
                scenario.liars().entrySet().stream()
                        .map(liar -> "replica " + liar.getKey() + ": " + liar.getValue())
                        .toList(),
                referee.lastDecided(),
                cluster.clients().stream().mapToLong(SimulatedClient::answered).sum(),
                cluster.clients().stream()
                        .mapToLong(SimulatedClient::unanswered)
                        .sum(),
                viewChanges,
                cluster.machines().stream()
                        .mapToLong(machine -> machine.statistics().crashes())
                        .sum(),
                referee.evidence(),
                liarsKnownToAll(),
                time.nowMillis(),
                occurrences.counts(),
                trace.finish().toHex());
    }

    private Set<Integer> liarsKnownToAll() {
        Set<Integer> known = new TreeSet<>(scenario.liars().keySet());
        cluster.honestMembers().stream()
                .flatMap(machine -> machine.status().stream())
                .forEach(status -> known.retainAll(status.evidence().liars()));
        return known;
    }

    private void countTurns() {
        List<Epoch> epochs = referee.epochs();
        for (int i = 1; i < epochs.size(); i++) {
            occurrences.add(Turn.between(epochs.get(i - 1), epochs.get(i)));
        }
        for (Machine machine : cluster.machines()) {
            occurrences.add(Turn.CRASHES_OF_NEWCOMERS, machine.statistics().crashesAsNewcomer());
            occurrences.add(Turn.CRASHES_OF_LEAVERS, machine.statistics().crashesAsLeaver());
            occurrences.add(Turn.CRASHES_IN_CHANGES, machine.statistics().crashesInChange());
            occurrences.add(Turn.CHANGES_WHILE_PARTED, machine.statistics().changesWhileParted());
        }
        cluster.honestMembers().stream()
                .flatMap(machine -> machine.status().stream())
                .findFirst()
                .ifPresent(status -> occurrences.add(
                        Turn.REFUSED_COMMANDS,
                        status.reconfiguration().outcomes().stream()
                                .filter(outcome -> outcome.refusal() != null)
                                .count()));
    }

    private void countOccurrences() {
        cluster.liars().values().forEach(liar -> liar.told().forEach(occurrences::add));
        for (Machine machine : cluster.machines()) {
            occurrences.add(Damage.LOST_WRITES, machine.statistics().lostWrites());
            occurrences.add(Damage.TORN_WRITE, machine.statistics().tornWrites());
            occurrences.add(Damage.REFUSED_FRAMES, machine.statistics().refusedFrames());
            occurrences.add(Damage.STABLE_CHECKPOINTS, machine.statistics().checkpoints());
            occurrences.add(Damage.INSTALLED_STATES, machine.statistics().installs());
            occurrences.add(Damage.REFUSED_CONTENTS, machine.statistics().contentsRefused());
            occurrences.add(Damage.DROPPED_PEERS, machine.statistics().peersDropped());
            occurrences.add(Damage.CONTINUED_TRANSFERS, machine.statistics().transfersContinued());
        }
        countTurns();
        cluster.clients().forEach(client -> occurrences.add(Damage.REFUSED_OPERATIONS, client.refused()));
        occurrences.add(
                Damage.LOST_FRAMES, cluster.world().network().statistics().lostByChance());
        occurrences.add(
                Damage.CUT_FRAMES, cluster.world().network().statistics().lostByCut());
        occurrences.add(
                Damage.OVERFLOWED_LINKS, cluster.world().network().statistics().overflowed());
        occurrences.add(
                Damage.DUPLICATED_FRAMES, cluster.world().network().statistics().duplicated());
        occurrences.add(
                Damage.REORDERED_FRAMES, cluster.world().network().statistics().reordered());
    }
}
