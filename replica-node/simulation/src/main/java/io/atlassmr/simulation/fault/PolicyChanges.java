package io.atlassmr.simulation.fault;

import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.simulation.network.Nodes;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.replica.World;
import io.atlassmr.simulation.time.Streams;
import io.atlassmr.simulation.trace.TraceEvent;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** An administrator who changes when checkpoints are taken and how many are kept, sometimes to what is refused, while all else goes on. */
final class PolicyChanges {

    private static final int[] INTERVALS = {15, 16, 17, 20, 32, 40, 100};
    private static final long[] AGES_MILLIS = {0, 0, 300, 1000};

    private final World world;
    private final List<Machine> machines;
    private final Administrator administrator;
    private final SplittableRandom random;

    PolicyChanges(World world, List<Machine> machines, Administrator administrator) {
        this.world = world;
        this.machines = machines;
        this.administrator = administrator;
        this.random = Streams.of(world.scenario().seed(), "checkpoint policies");
    }

    /** Gives a change to some member. */
    void change() {
        SignedCommand command = administrator.sign(new Command.SetCheckpointPolicy(
                random.nextInt(4) == 0
                        ? OptionalInt.empty()
                        : OptionalInt.of(INTERVALS[random.nextInt(INTERVALS.length)]),
                random.nextInt(2) == 0 ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(4)),
                random.nextInt(2) == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(AGES_MILLIS[random.nextInt(AGES_MILLIS.length)])));
        world.trace().record(Nodes.WORLD, TraceEvent.FAULT, command.number(), 0, command::command);
        List<Member> members = world.referee().epoch().membership().members();
        machines.get(members.get(random.nextInt(members.size())).id()).submit(command);
    }
}
