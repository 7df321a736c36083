package io.atlassmr.client.cluster;

import io.atlassmr.api.ClientId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Which replicas make up a cluster, and how to reach and recognise them. Whoever gives a client this description decides
 * whom it believes. Immutable.
 *
 * @param clusterId names the cluster; part of every signed statement; 1 to 64 characters
 * @param epoch number of the membership, from 1
 * @param members the voters, 4 to 64, without duplicate ids or keys; kept in order of id
 * @param administrators who may change the cluster, at most 64, without duplicate keys; replicas alone care for them
 */
public record ClusterDescription(
        String clusterId, long epoch, List<Member> members, List<Administrator> administrators) {

    private static final int MIN_MEMBERS = 4;
    private static final int MAX_MEMBERS = 64;
    private static final int MAX_CLUSTER_ID = 64;
    private static final int MAX_ADMINISTRATORS = 64;

    public ClusterDescription {
        members = members.stream().sorted(Comparator.comparingInt(Member::id)).toList();
        if (clusterId.isEmpty()
                || clusterId.length() > MAX_CLUSTER_ID
                || clusterId.getBytes(StandardCharsets.UTF_8).length > 255) {
            throw new IllegalArgumentException("clusterId has 1 to 64 characters, got \"" + clusterId + "\"");
        }
        if (epoch < 1) {
            throw new IllegalArgumentException("epoch is at least 1, got " + epoch);
        }
        if (members.size() < MIN_MEMBERS || members.size() > MAX_MEMBERS) {
            throw new IllegalArgumentException(
                    "a cluster has " + MIN_MEMBERS + " to " + MAX_MEMBERS + " members, got " + members.size());
        }
        Set<Integer> ids = new HashSet<>();
        Set<String> keys = new HashSet<>();
        for (Member member : members) {
            if (!ids.add(member.id())) {
                throw new IllegalArgumentException("two members have the id " + member.id());
            }
            if (!keys.add(HexFormat.of().formatHex(member.publicKey()))) {
                throw new IllegalArgumentException("member " + member.id() + " has the publicKey of another");
            }
        }
        administrators = List.copyOf(administrators);
        if (administrators.size() > MAX_ADMINISTRATORS) {
            throw new IllegalArgumentException(
                    "a cluster has at most " + MAX_ADMINISTRATORS + " administrators, got " + administrators.size());
        }
        Set<String> administratorKeys = new HashSet<>();
        for (Administrator administrator : administrators) {
            String key = HexFormat.of().formatHex(administrator.publicKey());
            if (!administratorKeys.add(key)) {
                throw new IllegalArgumentException("two administrators have the publicKey " + key);
            }
        }
    }

    /** A cluster that nobody administers: its members stay as they are. */
    public ClusterDescription(String clusterId, long epoch, List<Member> members) {
        this(clusterId, epoch, members, List.of());
    }

    /** The position of the member with this id in {@link #members()}, -1 if there is none. */
    public int indexOf(int replicaId) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).id() == replicaId) {
                return i;
            }
        }
        return -1;
    }

    /** What an administrator may do; each role may do what those before it may. */
    public enum Role {
        /** Look. */
        VIEWER,
        /** Admit, remove and move replicas. */
        OPERATOR,
        /** Say who else is an administrator. */
        OWNER
    }

    /**
     * Somebody who may change the cluster.
     *
     * @param publicKey raw 32-byte Ed25519 key; not to be changed by whoever holds it
     */
    public record Administrator(byte[] publicKey, Role role) {

        public Administrator {
            if (publicKey.length != ClientId.SIZE_BYTES) {
                throw new IllegalArgumentException("publicKey has " + publicKey.length + " bytes, not 32");
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Administrator that && Arrays.equals(publicKey, that.publicKey) && role == that.role;
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(publicKey);
        }
    }

    /**
     * One voter.
     *
     * @param id the replica's id, from 0, never reused
     * @param publicKey raw 32-byte Ed25519 identity key; not to be changed by whoever holds it
     * @param host name or address the replica listens on
     * @param peerPort port for replicas, 1 to 65535
     * @param clientPort port for clients, 1 to 65535
     * @param adminPort port of the admin API, 0 if it is not known
     * @param managementPort port of health and metrics, 0 if it is not known
     * @param gatewayPort port of the HTTP gateway, 0 if it is not known
     */
    public record Member(
            int id,
            byte[] publicKey,
            String host,
            int peerPort,
            int clientPort,
            int adminPort,
            int managementPort,
            int gatewayPort) {

        public Member {
            if (id < 0) {
                throw new IllegalArgumentException("id is not negative, got " + id);
            }
            if (publicKey.length != ClientId.SIZE_BYTES) {
                throw new IllegalArgumentException("publicKey has " + publicKey.length + " bytes, not 32");
            }
            if (host.isBlank()) {
                throw new IllegalArgumentException("host is empty");
            }
            port("peerPort", peerPort, 1);
            port("clientPort", clientPort, 1);
            port("adminPort", adminPort, 0);
            port("managementPort", managementPort, 0);
            port("gatewayPort", gatewayPort, 0);
        }

        private static void port(String name, int port, int least) {
            if (port < least || port > 65_535) {
                throw new IllegalArgumentException(name + " is between " + least + " and 65535, got " + port);
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Member that
                    && id == that.id
                    && Arrays.equals(publicKey, that.publicKey)
                    && host.equals(that.host)
                    && peerPort == that.peerPort
                    && clientPort == that.clientPort
                    && adminPort == that.adminPort
                    && managementPort == that.managementPort
                    && gatewayPort == that.gatewayPort;
        }

        @Override
        public int hashCode() {
            return id;
        }

        @Override
        public String toString() {
            return "replica " + id + " at " + host + ":" + clientPort;
        }
    }
}
