package io.atlassmr.cli.cluster.process;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.cluster.spec.ReplicaPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Looks which ports of this machine are free. What is free now may be taken a moment later. */
public final class PortCheck {

    // Below the range that operating systems hand out to outgoing connections.
    private static final int FIRST_BASE = 10_000;
    private static final int LAST_BASE = 30_000;
    private static final int ATTEMPTS = 200;

    private PortCheck() {}

    /** Whether something could listen on the port. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** The use and number of a port of {@code ports} that is taken; empty if all are free. */
    public static Optional<Map.Entry<String, Integer>> firstTaken(ReplicaPorts ports) {
        return ports.byUse().entrySet().stream()
                .filter(port -> !isFree(port.getValue()))
                .findFirst();
    }

    /**
     * Checks the ports that a replica is to have.
     *
     * @param remedy what to do if one is taken
     * @throws CommandException if one is; names it, who needs it, and what for
     */
    public static void requireFree(int id, ReplicaPorts ports, String remedy) {
        firstTaken(ports).ifPresent(port -> {
            throw new CommandException("port " + port.getValue() + ", which replica " + id + " needs as its "
                    + port.getKey() + " port, is taken by another process (ss -ltnp 'sport = :" + port.getValue()
                    + "' shows which): " + remedy);
        });
    }

    /**
     * A base port from which so many replicas find all their ports free.
     *
     * @return empty if some two hundred random ones were not
     */
    public static Optional<Integer> freeBasePort(int replicas, RandomGenerator random) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int base = random.nextInt(FIRST_BASE, LAST_BASE) / ReplicaPorts.STRIDE * ReplicaPorts.STRIDE;
            boolean free = true;
            for (int id = 0; id < replicas && free; id++) {
                free = firstTaken(ReplicaPorts.at(base, id)).isEmpty();
            }
            if (free) {
                return Optional.of(base);
            }
        }
        return Optional.empty();
    }
}
