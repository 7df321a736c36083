package io.atlassmr.simulation;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.simulation.check.History;
import io.atlassmr.simulation.check.Referee;
import io.atlassmr.simulation.client.LyingClient;
import io.atlassmr.simulation.client.SimulatedClient;
import io.atlassmr.simulation.fault.Administrator;
import io.atlassmr.simulation.fault.MembershipChanges;
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
import io.atlassmr.simulation.scenario.Seams;
import io.atlassmr.simulation.time.SimulatedClock;
import io.atlassmr.simulation.time.Streams;
import io.atlassmr.simulation.time.VirtualTime;
import io.atlassmr.simulation.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Who takes part in a run: replicas, honest and lying, and clients. */
final class Cluster {

    private static final String CLUSTER_ID = "simulation";
    private static final int MAX_DRIFT_PER_MILLION = 500;
    private static final int MAX_SKEW_MILLIS = 2_000;

    private final Scenario scenario;
    private final SplittableRandom clocks;
    private final World world;
    private final List<Machine> machines = new ArrayList<>();
    private final Map<Integer, Liar> liars = new TreeMap<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final LyingClient lyingClient;

    Cluster(Scenario scenario, Seams seams, VirtualTime time, Trace trace, History history, Occurrences occurrences) {
        this.scenario = scenario;
        this.clocks = Streams.of(scenario.seed(), "clocks");
        SignatureRegistry signatures = new SignatureRegistry(scenario.seed());
        List<SimulatedIdentity> identities = new ArrayList<>();
        for (int id = 0; id < scenario.replicas() + scenario.newcomers(); id++) {
            identities.add(signatures.create("replica " + id));
        }
        Membership genesis = membership(identities.subList(0, scenario.replicas()), seams);
        Referee referee = new Referee(genesis, scenario.liars().keySet());
        this.world = new World(
                scenario,
                seams,
                time,
                trace,
                new SimulatedNetwork(time, scenario.seed(), trace),
                signatures,
                genesis,
                Administrator.initial(
                        genesis,
                        signatures,
                        seams.epochDistance().applyAsInt(scenario.protocol().window())),
                referee,
                new TreeMap<>(),
                new TreeMap<>());
        addMachines(identities);
        for (int i = 0; i < scenario.workload().clients(); i++) {
            addClient(i, history);
        }
        int liarNode = Nodes.ofClient(clients.size());
        this.lyingClient = new LyingClient(world, liarNode, signatures.create("lying client"), clock(), occurrences);
        world.clientsByNode().put(liarNode, lyingClient.clientId());
    }

    private static Membership membership(List<SimulatedIdentity> identities, Seams seams) {
        List<Member> members = new ArrayList<>();
        for (int id = 0; id < identities.size(); id++) {
            members.add(MembershipChanges.member(id, identities.get(id)));
        }
        Membership sound = Membership.of(CLUSTER_ID, 1, members);
        return new Membership(CLUSTER_ID, 1, sound.members(), seams.quorum().apply(sound.quorum()));
    }

    private void addMachines(List<SimulatedIdentity> identities) {
        Conspiracy conspiracy = new Conspiracy(machines);
        for (int id = 0; id < identities.size(); id++) {
            Machine machine = new Machine(world, id, identities.get(id), clock());
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
                    .forEach(peer -> peer.watch(new PeerConnection(world.time(), machine)));
        }
    }

    private void addClient(int index, History history) {
        SimulatedIdentity identity = world.signatures().create("client " + index);
        SimulatedClient client = new SimulatedClient(world, machines, index, identity, clock(), history);
        ClientId clientId = client.clientId();
        world.clients().put(clientId, Nodes.ofClient(index));
        world.clientsByNode().put(Nodes.ofClient(index), clientId);
        clients.add(client);
    }

    private SimulatedClock clock() {
        boolean skewed = scenario.faults().contains(FaultKind.CLOCK_SKEW);
        long originMicros = clocks.nextLong(1_000_000_000_000L);
        int drift = clocks.nextInt(-MAX_DRIFT_PER_MILLION, MAX_DRIFT_PER_MILLION + 1);
        int offset = clocks.nextInt(-MAX_SKEW_MILLIS, MAX_SKEW_MILLIS + 1);
        return new SimulatedClock(world.time(), originMicros, skewed ? drift : 0, skewed ? offset : 0);
    }

    World world() {
        return world;
    }

    List<Machine> machines() {
        return machines;
    }

    /** The machines whose replicas do not lie. */
    List<Machine> honest() {
        return machines.stream()
                .filter(machine -> world.referee().isHonest(machine.id()))
                .toList();
    }

    /** Those of them that are members by now. */
    List<Machine> honestMembers() {
        Membership members = world.referee().epoch().membership();
        return honest().stream()
                .filter(machine -> members.contains(machine.id()))
                .toList();
    }

    Map<Integer, Liar> liars() {
        return liars;
    }

    List<SimulatedClient> clients() {
        return clients;
    }

    LyingClient lyingClient() {
        return lyingClient;
    }
}
