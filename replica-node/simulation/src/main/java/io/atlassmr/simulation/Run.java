package io.atlassmr.simulation;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.simulation.check.Acknowledgements;
import io.atlassmr.simulation.check.History;
import io.atlassmr.simulation.check.Linearizability;
import io.atlassmr.simulation.check.Referee;
import io.atlassmr.simulation.check.Violation;
import io.atlassmr.simulation.client.LyingClient;
import io.atlassmr.simulation.client.SimulatedClient;
import io.atlassmr.simulation.fault.Nemesis;
import io.atlassmr.simulation.fault.Occurrences;
import io.atlassmr.simulation.identity.SignatureRegistry;
import io.atlassmr.simulation.identity.SimulatedIdentity;
import io.atlassmr.simulation.liar.Conspiracy;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.lies.Lies;
import io.atlassmr.simulation.network.Nodes;
import io.atlassmr.simulation.network.SimulatedNetwork;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.replica.PeerConnection;
import io.atlassmr.simulation.replica.World;
import io.atlassmr.simulation.scenario.FaultKind;
import io.atlassmr.simulation.scenario.LieKind;
import io.atlassmr.simulation.scenario.Scenario;
import io.atlassmr.simulation.time.SimulatedClock;
import io.atlassmr.simulation.time.Streams;
import io.atlassmr.simulation.time.VirtualTime;
import io.atlassmr.simulation.trace.Trace;
import io.atlassmr.simulation.trace.TraceEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** One run: builds the world of a scenario, lets its time pass, and judges it. */
final class Run {

    private static final String CLUSTER_ID = "simulation";
    private static final long MAX_TASKS = 20_000_000;
    private static final long CHECK_EVERY_TASKS = 64;
    private static final int MAX_DRIFT_PER_MILLION = 500;
    private static final int MAX_SKEW_MILLIS = 2_000;

    private final Scenario scenario;
    private final VirtualTime time = new VirtualTime();
    private final Trace trace;
    private final Referee referee;
    private final History history = new History();
    private final Occurrences occurrences = new Occurrences();
    private final World world;
    private final List<Machine> machines = new ArrayList<>();
    private final Map<Integer, Liar> liars = new TreeMap<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final LyingClient lyingClient;
    private final Nemesis nemesis;

    Run(Scenario scenario, SimulationOptions options) {
        this.scenario = scenario;
        this.trace = new Trace(time, options.trace());
        this.referee = new Referee(scenario.liars().keySet());
        SignatureRegistry signatures = new SignatureRegistry(scenario.seed());
        List<SimulatedIdentity> identities = new ArrayList<>();
        List<Member> members = new ArrayList<>();
        for (int id = 0; id < scenario.replicas(); id++) {
            SimulatedIdentity identity = signatures.create("replica " + id);
            identities.add(identity);
            members.add(new Member(id, identity.publicKey(), "replica-" + id, 7000 + id, 8000 + id));
        }
        Membership sound = Membership.of(CLUSTER_ID, 1, members);
        Map<ClientId, Integer> clientNodes = new TreeMap<>();
        Map<Integer, ClientId> clientsByNode = new TreeMap<>();
        this.world = new World(
                scenario,
                options.seams(),
                time,
                trace,
                new SimulatedNetwork(time, scenario.seed(), trace),
                signatures,
                new Membership(
                        CLUSTER_ID, 1, sound.members(), options.seams().quorum().apply(sound.quorum())),
                referee,
                clientNodes,
                clientsByNode);
        SplittableRandom random = Streams.of(scenario.seed(), "clocks");
        Conspiracy conspiracy = new Conspiracy();
        for (int id = 0; id < scenario.replicas(); id++) {
            Machine machine = new Machine(world, id, identities.get(id), clock(random));
            List<LieKind> lies = scenario.liars().get(id);
            if (lies != null) {
                Liar liar = new Liar(world, machine, conspiracy);
                liar.lie(lies.stream().map(kind -> Lies.of(kind, liar)).toList());
                machine.deceiveBy(liar);
                liars.put(id, liar);
            }
            machines.add(machine);
        }
        for (Machine machine : machines) {
            machines.stream()
                    .filter(peer -> peer != machine)
                    .forEach(peer -> peer.watch(new PeerConnection(time, machine)));
        }
        for (int i = 0; i < scenario.workload().clients(); i++) {
            SimulatedClient client =
                    new SimulatedClient(world, machines, i, signatures.create("client " + i), clock(random), history);
            clientNodes.put(client.clientId(), Nodes.ofClient(i));
            clientsByNode.put(Nodes.ofClient(i), client.clientId());
            clients.add(client);
        }
        int liarNode = Nodes.ofClient(clients.size());
        this.lyingClient =
                new LyingClient(world, liarNode, signatures.create("lying client"), clock(random), occurrences);
        clientsByNode.put(liarNode, lyingClient.clientId());
        this.nemesis = new Nemesis(world, machines, clients, occurrences);
    }

    private SimulatedClock clock(SplittableRandom random) {
        boolean skewed = scenario.faults().contains(FaultKind.CLOCK_SKEW);
        long originMicros = random.nextLong(1_000_000_000_000L);
        int drift = random.nextInt(-MAX_DRIFT_PER_MILLION, MAX_DRIFT_PER_MILLION + 1);
        int offset = random.nextInt(-MAX_SKEW_MILLIS, MAX_SKEW_MILLIS + 1);
        return new SimulatedClock(time, originMicros, skewed ? drift : 0, skewed ? offset : 0);
    }

    SimulationResult toEnd() {
        Optional<String> violation = Optional.empty();
        try {
            machines.forEach(Machine::start);
            clients.forEach(SimulatedClient::start);
            nemesis.start();
            if (scenario.faults().contains(FaultKind.LYING_CLIENT)) {
                lyingClient.start();
            }
            passTimeUntil(1000 * scenario.faultMillis());
            nemesis.heal();
            lyingClient.stop();
            clients.forEach(SimulatedClient::finish);
            requireProgress();
            judge();
        } catch (Violation e) {
            violation = Optional.of("at " + time.nowMillis() + " ms: " + e.getMessage());
        }
        trace.record(Nodes.WORLD, TraceEvent.ENDS, referee.lastDecided(), 0);
        return result(violation);
    }

    private void passTimeUntil(long micros) {
        while (time.nowMicros() < micros) {
            step();
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

    /** Whether all clients have their answers and all honest replicas the same state. */
    private boolean isSettled() {
        return clients.stream().allMatch(SimulatedClient::isDone)
                && honest().stream()
                        .allMatch(machine ->
                                machine.isRunning() && machine.process().lastExecuted() == referee.lastDecided());
    }

    private List<Machine> honest() {
        return machines.stream()
                .filter(machine -> referee.isHonest(machine.id()))
                .toList();
    }

    private String standing() {
        StringBuilder text = new StringBuilder("not all is well:");
        clients.stream()
                .filter(client -> !client.isDone())
                .forEach(client -> text.append("\n    ").append(client.describe()));
        machines.forEach(machine -> text.append("\n    replica ")
                .append(machine.id())
                .append(referee.isHonest(machine.id()) ? " " : " (liar) ")
                .append(machine.status()));
        return text.toString();
    }

    private void judge() {
        if (referee.lastDecided() == 0) {
            throw new Violation("progress: nothing was decided");
        }
        if (clients.stream().anyMatch(client -> client.answered() == 0)) {
            throw new Violation("progress: a client has not one result");
        }
        requireEqualStates();
        Acknowledgements.check(
                history,
                honest().getFirst().process().executions().executions().stream()
                        .filter(execution -> world.clients().containsKey(execution.clientId()))
                        .toList());
        Linearizability.check(history);
    }

    private void requireEqualStates() {
        List<byte[]> snapshots =
                honest().stream().map(machine -> machine.process().snapshot()).toList();
        for (byte[] snapshot : snapshots) {
            if (!Arrays.equals(snapshot, snapshots.getFirst())) {
                throw new Violation("state: the application's state differs between honest replicas");
            }
        }
    }

    private SimulationResult result(Optional<String> violation) {
        countOccurrences();
        long viewChanges = honest().stream()
                .mapToLong(machine -> machine.statistics().installedViews())
                .max()
                .orElse(0);
        return new SimulationResult(
                scenario.seed(),
                violation,
                scenario.replicas(),
                world.membership().quorum().f(),
                scenario.liars().entrySet().stream()
                        .map(liar -> "replica " + liar.getKey() + ": " + liar.getValue())
                        .toList(),
                referee.lastDecided(),
                clients.stream().mapToLong(SimulatedClient::answered).sum(),
                clients.stream().mapToLong(SimulatedClient::unanswered).sum(),
                viewChanges,
                machines.stream()
                        .mapToLong(machine -> machine.statistics().crashes())
                        .sum(),
                referee.evidence(),
                time.nowMillis(),
                occurrences.counts(),
                trace.finish().toHex());
    }

    private void countOccurrences() {
        liars.values().forEach(liar -> liar.told().forEach(occurrences::add));
        for (Machine machine : machines) {
            occurrences.add(Damage.LOST_WRITES, machine.statistics().lostWrites());
            occurrences.add(Damage.TORN_WRITE, machine.statistics().tornWrites());
            occurrences.add(Damage.REFUSED_FRAMES, machine.statistics().refusedFrames());
        }
        occurrences.add(Damage.LOST_FRAMES, world.network().statistics().lostByChance());
        occurrences.add(Damage.CUT_FRAMES, world.network().statistics().lostByCut());
        occurrences.add(Damage.DUPLICATED_FRAMES, world.network().statistics().duplicated());
        occurrences.add(Damage.REORDERED_FRAMES, world.network().statistics().reordered());
    }
}
