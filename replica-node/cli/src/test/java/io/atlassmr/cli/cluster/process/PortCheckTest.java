package io.atlassmr.cli.cluster.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.cli.cluster.spec.ReplicaPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PortCheckTest {

    @Test
    void aPortThatSomebodyListensOnIsNamedWithItsUse() throws IOException {
        int base = PortCheck.freeBasePort(1, RandomGenerator.getDefault()).orElseThrow();
        ReplicaPorts ports = ReplicaPorts.at(base, 0);
        assertEquals(Optional.empty(), PortCheck.firstTaken(ports));
        try (ServerSocket taken = new ServerSocket(ports.admin(), 1, InetAddress.getLoopbackAddress())) {
            assertFalse(PortCheck.isFree(taken.getLocalPort()));
            assertEquals(Optional.of(Map.entry("admin", ports.admin())), PortCheck.firstTaken(ports));
        }
        assertTrue(PortCheck.isFree(ports.admin()));
    }
}
