package io.atlassmr.simulation.client;

import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.client.ClientRuntime;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.time.ClientClock;
import io.atlassmr.client.time.ClientScheduler;
import io.atlassmr.simulation.identity.SimulatedIdentity;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.replica.World;
import io.atlassmr.simulation.scenario.Workload;
import io.atlassmr.simulation.time.SimulatedClock;
import io.atlassmr.simulation.time.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/** One real client from its opening to its closing, in virtual time. */
final class ClientLife {

    private static final long TASK_MICROS = 2;

    private final SimulatedTransport transport;
    private final AtlasClient client;

    ClientLife(World world, int node, SimulatedIdentity identity, SimulatedClock clock) {
        VirtualTime time = world.time();
        transport = new SimulatedTransport(world, node);
        ClientScheduler scheduler = (delayNanos, task) -> {
            VirtualTime.Scheduled scheduled = time.schedule((delayNanos + 999) / 1000, task);
            return scheduled::cancel;
        };
        Executor executor = task -> {
            var _ = time.schedule(TASK_MICROS, task);
        };
        client = AtlasClient.open(
                description(world),
                identity,
                transport,
                ClientRuntime.of(world.signatures(), clocks(clock), scheduler, executor),
                options(world.scenario().workload()));
    }

    private static ClientClock clocks(SimulatedClock clock) {
        return new ClientClock() {
            @Override
            public long wallMillis() {
                return clock.wallMillis();
            }

            @Override
            public long monotonicNanos() {
                return clock.monotonicMicros() * 1000;
            }
        };
    }

    private static ClusterDescription description(World world) {
        return new ClusterDescription(
                world.membership().clusterId(),
                world.membership().epoch(),
                world.membership().members().stream()
                        .map(member -> new ClusterDescription.Member(
                                member.id(),
                                member.publicKey(),
                                member.host(),
                                member.peerPort(),
                                member.clientPort(),
                                0,
                                0,
                                0))
                        .toList());
    }

    private static ClientOptions options(Workload workload) {
        return ClientOptions.defaults()
                .withQueue(64, 1 << 20)
                .withTimeouts(
                        Duration.ofMillis(workload.requestTimeoutMillis()),
                        Duration.ofMillis(workload.retryTimeoutMillis()),
                        Duration.ofMillis(4 * workload.retryTimeoutMillis()),
                        Duration.ofMillis(workload.retryTimeoutMillis() / 2 + 1));
    }

    void watch(List<Machine> machines) {
        for (Machine machine : machines) {
            machine.watch(transport);
            if (machine.isRunning()) {
                transport.onUp(machine);
            }
        }
    }

    AtlasClient client() {
        return client;
    }

    void close() {
        client.close();
    }
}
