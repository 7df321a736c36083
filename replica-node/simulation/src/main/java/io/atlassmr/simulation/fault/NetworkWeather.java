package io.atlassmr.simulation.fault;

import io.atlassmr.simulation.network.LinkConditions;
import io.atlassmr.simulation.network.SimulatedNetwork;
import io.atlassmr.simulation.scenario.FaultKind;
import io.atlassmr.simulation.time.Streams;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Changes the conditions of the links for some time, among the kinds of fault that the scenario knows. */
final class NetworkWeather {

    private static final long SLOWEST_BYTES_PER_SECOND = 4_000;

    private final SimulatedNetwork network;
    private final SplittableRandom random;
    private final List<Integer> nodes;
    private final Set<FaultKind> kinds;
    private final Occurrences occurrences;

    /**
     * @param nodes all that can be cut off from each other, replicas first
     */
    NetworkWeather(
            SimulatedNetwork network,
            SplittableRandom random,
            List<Integer> nodes,
            Set<FaultKind> kinds,
            Occurrences occurrences) {
        this.network = network;
        this.random = random;
        this.nodes = nodes;
        this.kinds = kinds;
        this.occurrences = occurrences;
    }

    /** Draws new conditions for all links; without luck, good ones. */
    void change(int leader) {
        network.heal();
        LinkConditions all = drawConditions();
        boolean perLink = random.nextInt(3) == 0;
        for (int from : nodes) {
            for (int to : nodes) {
                network.setConditions(from, to, perLink ? drawConditions() : all);
            }
        }
        if (happens(FaultKind.PARTITION, 300)) {
            partition(true);
        } else if (happens(FaultKind.ONE_WAY_PARTITION, 300)) {
            partition(false);
        } else if (happens(FaultKind.ISOLATED_LEADER, 400)) {
            isolate(leader);
        }
    }

    private LinkConditions drawConditions() {
        LinkConditions conditions = LinkConditions.GOOD;
        if (happens(FaultKind.LOSS, 400)) {
            conditions = conditions.withLoss(1 << random.nextInt(9));
        }
        if (happens(FaultKind.DELAY, 400)) {
            conditions = conditions.withDelay(1L << random.nextInt(16), 1L << random.nextInt(18));
        }
        if (happens(FaultKind.DUPLICATION, 400)) {
            conditions = conditions.withDuplicates(1 << random.nextInt(9));
        }
        if (happens(FaultKind.REORDERING, 400)) {
            conditions = conditions.withoutOrder();
        }
        if (happens(FaultKind.SLOW_LINK, 400)) {
            conditions = conditions.withBandwidth(SLOWEST_BYTES_PER_SECOND << random.nextInt(8));
        }
        return conditions;
    }

    private void partition(boolean bothWays) {
        boolean[] there = new boolean[nodes.size()];
        for (int i = 0; i < there.length; i++) {
            there[i] = random.nextBoolean();
        }
        for (int i = 0; i < there.length; i++) {
            for (int j = 0; j < there.length; j++) {
                if (there[i] != there[j] && (bothWays || there[i])) {
                    network.setCut(nodes.get(i), nodes.get(j), true);
                }
            }
        }
    }

    private void isolate(int leader) {
        int ways = 1 + random.nextInt(3);
        for (int node : nodes) {
            if (node != leader) {
                network.setCut(leader, node, (ways & 1) != 0);
                network.setCut(node, leader, (ways & 2) != 0);
            }
        }
    }

    private boolean happens(FaultKind kind, int permille) {
        boolean happens = kinds.contains(kind) && Streams.chance(random, permille);
        if (happens) {
            occurrences.add(kind);
        }
        return happens;
    }
}
