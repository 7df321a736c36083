package io.atlassmr.simulation.plot;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.protocol.transfer.StateTransferState;
import io.atlassmr.simulation.fault.Administrator;
import io.atlassmr.simulation.fault.MembershipChanges;
import io.atlassmr.simulation.network.LinkConditions;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.replica.World;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a {@link Plot} sees of a run, and what it can do to it. */
public final class Stage {

    /** How far behind a replica may be that keeps up with a load. */
    private static final long LEVEL_DECISIONS = 32;

    private final World world;
    private final List<Machine> machines;
    private final Administrator administrator;

    public Stage(World world, List<Machine> machines) {
        this.world = world;
        this.machines = machines;
        this.administrator = new Administrator(world);
    }

    /** The machine of a replica. */
    public Machine machine(int id) {
        return machines.get(id);
    }

    /** All machines, by id. */
    public List<Machine> machines() {
        return machines;
    }

    /** The machines whose replicas are no members at first. */
    public List<Machine> newcomers() {
        return machines.subList(world.scenario().replicas(), machines.size());
    }

    /** The highest decision of any honest replica. */
    public long decided() {
        return world.referee().lastDecided();
    }

    /** The highest view that a running replica is in. */
    public long view() {
        return machines.stream()
                .flatMap(machine -> machine.status().stream())
                .filter(status -> !status.inViewTransfer())
                .mapToLong(ReplicaStatus::view)
                .max()
                .orElse(0);
    }

    /** Who leads {@link #view}. */
    public int leader() {
        return epoch().membership().leaderOf(view());
    }

    /** The newest stable checkpoint of any running replica. */
    public long checkpoint() {
        return machines.stream()
                .flatMap(machine -> machine.status().stream())
                .mapToLong(status -> status.recovery().stableCheckpoint())
                .max()
                .orElse(0);
    }

    /** Whether the replica fetches the parts of a state. */
    public boolean fetchesParts(int id) {
        Optional<ReplicaStatus> status = machine(id).status();
        return status.isPresent()
                && status.get().recovery().stateTransfer() instanceof StateTransferState.FetchingParts;
    }

    /** Whether the replica takes part in everything and has executed nearly all that was decided. */
    public boolean isLevel(int id) {
        return machine(id).isWhole() && machine(id).process().lastExecuted() + LEVEL_DECISIONS >= decided();
    }

    /** The last epoch that an honest replica entered. */
    public Epoch epoch() {
        return world.referee().epoch();
    }

    /** The epoch that is decided on and has not begun, as a running replica knows it; empty if no change is in flight. */
    public Optional<Epoch> nextEpoch() {
        return machines.stream()
                .flatMap(machine -> machine.status().stream())
                .map(status -> status.reconfiguration().next())
                .filter(next -> next != null && next.number() > epoch().number())
                .findFirst();
    }

    /** Whether a running replica knows that this one is admitted. */
    public boolean isAdmitted(int id) {
        return machines.stream()
                .flatMap(machine -> machine.status().stream())
                .anyMatch(status -> status.reconfiguration().admissions().containsKey(id));
    }

    /** Whether the replica has signed its position to ask to join. */
    public boolean hasAskedToJoin(int id) {
        return world.referee().hasAskedToJoin(id);
    }

    /** How many honest members have approved of this newcomer. */
    public int approvers(int id) {
        return world.referee().approvers(id);
    }

    /** All that was decided, from the first decision on. */
    public List<Decision> decisions() {
        return world.referee().decisions();
    }

    /** Has an administrator give a command to these replicas. */
    public void ask(Command command, int... replicas) {
        tell(administrator.sign(command), replicas);
    }

    /** Has a member change to a new key, by a command that is given to these replicas. */
    public void rotateKey(int id, int... replicas) {
        tell(administrator.rotation(machine(id)), replicas);
    }

    /** Gives these replicas a command that somebody signed. */
    public void tell(SignedCommand command, int... replicas) {
        world.referee().onChangeBegun();
        for (int replica : replicas) {
            machine(replica).submit(command);
        }
    }

    /** The admission of a replica that is no member yet, for so long. */
    public Command admission(int id, long forMillis, int replaces) {
        Machine newcomer = machine(id);
        return new Command.Admit(
                MembershipChanges.member(id, newcomer.identity()),
                newcomer.clock().wallMillis() + forMillis,
                replaces);
    }

    /** Cuts a replica off from all other replicas. */
    public void isolate(int id) {
        part(Set.of(id));
    }

    /** Cuts these replicas off from all others; they hear each other, and clients hear all. */
    public void part(Set<Integer> island) {
        for (Machine from : machines) {
            for (Machine to : machines) {
                if (island.contains(from.id()) != island.contains(to.id())) {
                    world.network().setCut(from.id(), to.id(), true);
                }
            }
        }
    }

    /** Lets so many bytes a second through each link between replicas; what waits for a second is lost. */
    public void narrow(long bytesPerSecond) {
        for (Machine from : machines) {
            for (Machine to : machines) {
                if (from.id() != to.id()) {
                    world.network()
                            .setConditions(from.id(), to.id(), LinkConditions.GOOD.withBandwidth(bytesPerSecond));
                }
            }
        }
    }

    /** Virtual time since the run began. */
    public long nowMillis() {
        return world.time().nowMillis();
    }

    /** Makes all links good. */
    public void mend() {
        world.network().heal();
    }
}
