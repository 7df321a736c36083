package io.atlassmr.cli.cluster.spec;

import io.atlassmr.client.cluster.ClusterDescription.Member;
import java.util.LinkedHashMap;
import java.util.Map;

/** The five ports of a replica, all on one host. */
public record ReplicaPorts(int peer, int client, int admin, int management, int gateway) {

    /** How far the ports of neighbours are apart. */
    public static final int STRIDE = 10;

    private static final int USED = 5;

    /** The ports of replica {@code id} of a cluster that starts at {@code basePort}. */
    public static ReplicaPorts at(int basePort, int id) {
        int first = basePort + STRIDE * id;
        return new ReplicaPorts(first, first + 1, first + 2, first + 3, first + 4);
    }

    /** The ports that a cluster file gives a member. */
    public static ReplicaPorts of(Member member) {
        return new ReplicaPorts(
                member.peerPort(),
                member.clientPort(),
                member.adminPort(),
                member.managementPort(),
                member.gatewayPort());
    }

    /** The highest port of a cluster of so many replicas. */
    public static int last(int basePort, int replicas) {
        return basePort + STRIDE * (replicas - 1) + USED - 1;
    }

    /** For a person: {@code 7000-7004} if they follow one another in this order, else all of them. */
    @Override
    public String toString() {
        return equals(at(peer, 0))
                ? peer + "-" + gateway
                : peer + "," + client + "," + admin + "," + management + "," + gateway;
    }

    /** Each port under the name of what it is for. */
    public Map<String, Integer> byUse() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("peer", peer);
        ports.put("client", client);
        ports.put("admin", admin);
        ports.put("management", management);
        ports.put("gateway", gateway);
        return ports;
    }
}
