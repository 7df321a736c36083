package io.atlassmr.simulation.fault;

import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.simulation.identity.SimulatedIdentity;
import io.atlassmr.simulation.network.Nodes;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.replica.World;
import io.atlassmr.simulation.scenario.FaultKind;
import io.atlassmr.simulation.time.Streams;
import io.atlassmr.simulation.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * An administrator who changes the membership while all else goes on: replicas join, leave and are replaced, get new keys and
 * addresses. He gives commands to any replicas, several at a time, conflicting ones too, and old ones again. He keeps what the run
 * rests on: as many liars are tolerated as at its beginning, and one of the first honest members is left, whom clients find that know no
 * others.
 */
public final class MembershipChanges {

    private static final long MEAN_MICROS = 700_000;
    private static final long SHORTEST_ADMISSION_MILLIS = 500;
    private static final int FIRST_PEER_PORT = 7000;
    private static final int FIRST_CLIENT_PORT = 8000;

    private final World world;
    private final List<Machine> machines;
    private final Occurrences occurrences;
    private final SplittableRandom random;
    private final Administrator administrator;
    private final List<SignedCommand> given = new ArrayList<>();
    private boolean over;

    MembershipChanges(World world, List<Machine> machines, Occurrences occurrences) {
        this.world = world;
        this.machines = machines;
        this.occurrences = occurrences;
        this.random = Streams.of(world.scenario().seed(), "membership changes");
        this.administrator = new Administrator(world);
    }

    /** The member record of a replica. */
    public static Member member(int id, SimulatedIdentity identity) {
        return new Member(id, identity.publicKey(), "replica-" + id, FIRST_PEER_PORT + id, FIRST_CLIENT_PORT + id);
    }

    void start() {
        next();
    }

    void stop() {
        over = true;
    }

    private void next() {
        var _ = world.time().schedule(Streams.exponential(random, MEAN_MICROS), () -> {
            if (!over) {
                change();
                next();
            }
        });
    }

    private void change() {
        world.referee().onChangeBegun();
        occurrences.add(FaultKind.MEMBERSHIP_CHANGE);
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> admit();
            case 3 -> leave();
            case 4 -> rotate();
            case 5 -> {
                if (random.nextBoolean()) {
                    move();
                } else {
                    give(new Command.Lead(anyMember().id()));
                }
            }
            case 6 -> {
                // Two at once, each to some replicas: at most one is done.
                leave();
                move();
            }
            default -> repeat();
        }
    }

    private Membership members() {
        return world.referee().epoch().membership();
    }

    private void admit() {
        int first = world.scenario().replicas();
        Machine newcomer = machines.get(first + random.nextInt(machines.size() - first));
        if (members().contains(newcomer.id())) {
            return;
        }
        long wallMillis = newcomer.clock().wallMillis();
        long expiresAtMillis = random.nextInt(4) == 0
                ? wallMillis + SHORTEST_ADMISSION_MILLIS
                : wallMillis + 1000 * world.scenario().faultMillis();
        int replaced = random.nextInt(3) == 0 ? removable(0) : Command.Admit.NOBODY;
        give(new Command.Admit(member(newcomer.id(), newcomer.identity()), expiresAtMillis, replaced));
    }

    private void leave() {
        int leaver = removable(1);
        if (leaver != Command.Admit.NOBODY) {
            give(new Command.Leave(leaver));
        }
    }

    /** A member that may go, {@link Command.Admit#NOBODY} if none may. */
    private int removable(int fewer) {
        Membership members = members();
        int leaving = members.members().size() - fewer;
        int tolerated = new Quorum(world.scenario().replicas()).f();
        if (leaving < Quorum.MIN_MEMBERS || new Quorum(leaving).f() < tolerated) {
            return Command.Admit.NOBODY;
        }
        long firstHonest = members.members().stream()
                .filter(member -> member.id() < world.scenario().replicas())
                .filter(member -> world.referee().isHonest(member.id()))
                .count();
        List<Integer> candidates = members.members().stream()
                .map(Member::id)
                .filter(id -> id >= world.scenario().replicas() || firstHonest > 1)
                .toList();
        return candidates.isEmpty() ? Command.Admit.NOBODY : candidates.get(random.nextInt(candidates.size()));
    }

    private Machine anyMember() {
        List<Member> members = members().members();
        return machines.get(members.get(random.nextInt(members.size())).id());
    }

    private void rotate() {
        give(administrator.rotation(anyMember()));
    }

    private void move() {
        int port = FIRST_PEER_PORT + random.nextInt(1000);
        give(new Command.Move(anyMember().id(), "elsewhere", port, port + 1000));
    }

    private void repeat() {
        if (!given.isEmpty()) {
            tell(given.get(random.nextInt(given.size())));
        }
    }

    private void give(Command command) {
        give(administrator.sign(command));
    }

    private void give(SignedCommand signed) {
        given.add(signed);
        tell(signed);
    }

    private void tell(SignedCommand command) {
        world.trace().record(Nodes.WORLD, TraceEvent.FAULT, command.number(), 0, command::command);
        int told = 1 + random.nextInt(2);
        for (int i = 0; i < told; i++) {
            anyMember().submit(command);
        }
    }
}
