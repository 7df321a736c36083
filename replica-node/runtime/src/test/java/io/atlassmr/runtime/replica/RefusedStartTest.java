package io.atlassmr.runtime.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replicas that cannot start say why, and leave nothing behind. */
@Timeout(120)
class RefusedStartTest extends ReplicaScene {

    @Test
    void anotherReplicasIdentityIsRefused() {
        BootstrapException failed = assertThrows(
                BootstrapException.class,
                () -> MonolithicReplica.start(
                        configuration(0, 1), parts(0, network.node(0), TestCluster.replicaKey(1))));
        assertTrue(
                failed.getMessage().startsWith("bootstrap step 1/7 network and reconfiguration failed"),
                failed.getMessage());
        assertTrue(failed.getMessage().contains("identity file"), failed.getMessage());
    }

    @Test
    void aLogThatEndsTooEarlyIsRefused() {
        BootstrapException failed = assertThrows(
                BootstrapException.class,
                () -> MonolithicReplica.start(
                        configuration(0, 8), parts(0, network.node(0), TestCluster.replicaKey(0))));
        assertTrue(failed.getMessage().contains("atlas.next-sequence-number is 8"), failed.getMessage());
    }

    @Test
    void aReplicaThatCannotListenLeavesNothingBehind() throws Exception {
        List<String> before = atlasThreads();
        IOException taken = new IOException("port 7000 is taken");
        ReplicaNetworkNode node = new ReplicaNetworkNode() {
            @Override
            public void start(NetworkListener listener) throws IOException {
                throw taken;
            }

            @Override
            public void setPeers(Roster roster) {}

            @Override
            public boolean sendToReplica(int replicaId, TrafficClass trafficClass, byte[] frame) {
                return false;
            }

            @Override
            public boolean sendToClient(io.atlassmr.api.ClientId clientId, byte[] frame) {
                return false;
            }

            @Override
            public void close() {
                events.add("network closed");
            }
        };
        BootstrapException failed = assertThrows(
                BootstrapException.class,
                () -> MonolithicReplica.start(configuration(0, 1), parts(0, node, TestCluster.replicaKey(0))));
        assertSame(taken, failed.getCause());
        assertEquals("network closed", Await.next(events));
        assertEquals(before, atlasThreads());
    }

    private static List<String> atlasThreads() {
        List<String> names = new ArrayList<>();
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon())
                .map(Thread::getName)
                .filter(name -> name.startsWith("atlas-"))
                .sorted()
                .forEach(names::add);
        return names;
    }
}
