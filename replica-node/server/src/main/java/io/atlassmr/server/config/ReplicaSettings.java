package io.atlassmr.server.config;

import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterFile;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.network.NetworkConfiguration;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.replica.ProtocolConfiguration;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.runtime.configuration.ExecutionConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration.CheckpointConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration.PreProcessingConfiguration;
import io.atlassmr.runtime.configuration.StateTransferConfiguration;
import io.atlassmr.runtime.replica.signing.ReplicaKeys;
import io.atlassmr.storage.StorageConfiguration;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The configuration, checked, with the files it names read. Immutable.
 *
 * @param cluster the first members and their addresses
 * @param self this replica's own entry, in the cluster file or beside it
 * @param identityFile where its keys are
 * @param keys this replica's keys
 * @param gatewayIdentity the key of the HTTP gateway as a client of the cluster
 * @param gateway what connections to the HTTP gateway get
 * @param admin who may call the admin API, and how much
 */
public record ReplicaSettings(
        ClusterDescription cluster,
        ClusterDescription.Member self,
        IdentityFiles identityFile,
        ReplicaKeys keys,
        Ed25519Identity gatewayIdentity,
        ReplicaConfiguration replica,
        StateTransferConfiguration stateTransfer,
        ExecutionConfiguration execution,
        NetworkConfiguration network,
        StorageConfiguration storage,
        ListenerLimits gateway,
        AdminSettings admin) {

    private static final Pattern FIELD = Pattern.compile("(\\w+) is (.*)", Pattern.DOTALL);
    private static final int MIN_HTTP_TIMEOUT_MILLIS = 100;
    private static final int MAX_HTTP_TIMEOUT_MILLIS = 600_000;
    private static final int MAX_HTTP_CONNECTIONS = 1_000_000;
    private static final Pattern UPPER = Pattern.compile("[A-Z]");

    /**
     * Checks the values and reads the files.
     *
     * @throws ConfigurationException if the replica cannot start with them; one line that names the key, what it was, and what
     *     it may be
     */
    public static ReplicaSettings of(AtlasConfig config) {
        ClusterDescription cluster = readCluster(config.clusterFile());
        Membership membership = membership(cluster);
        checkMessaging(config.messaging());
        ClusterDescription.Member self = self(config, cluster);
        IdentityFiles identities = new IdentityFiles(config.identityFile());
        return new ReplicaSettings(
                cluster,
                self,
                identities,
                readKeys(identities),
                gatewayIdentity(config),
                replica(config, membership, administrators(cluster)),
                stateTransfer(config.stateTransfer()),
                execution(config.execution()),
                checked(
                        "atlas.network.",
                        () -> config.network()
                                .network(introduction(config, membership), member(self), config.bindHost())),
                checked(
                        "atlas.storage.",
                        () -> new StorageConfiguration(
                                config.storage().writeBufferBytes(),
                                config.storage().blockCacheBytes())),
                gateway(config.gateway()),
                admin(config.admin()));
    }

    private static ClusterDescription.Member self(AtlasConfig config, ClusterDescription cluster) {
        int id = config.replicaId();
        if (config.memberFile().isPresent()) {
            Path file = config.memberFile().get();
            ClusterDescription.Member self;
            try {
                self = ClusterFile.readMember(file);
            } catch (IOException e) {
                throw new ConfigurationException(
                        "atlas.member-file is " + file + "; it may be a readable file: " + reason(e));
            } catch (IllegalArgumentException e) {
                throw new ConfigurationException("atlas.member-file is not an entry of a member: " + e.getMessage());
            }
            if (self.id() != id) {
                throw new ConfigurationException("atlas.replica-id is " + id + "; it may be " + self.id()
                        + ": the replica of atlas.member-file, " + file);
            }
            return self;
        }
        return cluster.members().stream()
                .filter(member -> member.id() == id)
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("atlas.replica-id is " + id + "; it may be "
                        + cluster.members().stream()
                                .map(member -> String.valueOf(member.id()))
                                .collect(Collectors.joining(", "))
                        + ": the members in " + config.clusterFile()
                        + "; another one says in atlas.member-file where it listens"));
    }

    private static Membership introduction(AtlasConfig config, Membership genesis) {
        if (config.peersFile().isEmpty() || !Files.exists(config.peersFile().get())) {
            return genesis;
        }
        Path file = config.peersFile().get();
        ClusterDescription newer;
        try {
            newer = ClusterFile.read(file);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "atlas.peers-file is " + file + "; it may be a readable file: " + reason(e));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("atlas.peers-file is not a cluster: " + e.getMessage());
        }
        if (!newer.clusterId().equals(genesis.clusterId())) {
            throw new ConfigurationException("atlas.peers-file is of the cluster " + newer.clusterId()
                    + "; it may be of " + genesis.clusterId() + ", as atlas.cluster-file is");
        }
        return members(newer);
    }

    private static void checkMessaging(AtlasConfig.Messaging messaging) {
        within("atlas.messaging.max-buffered-decisions", messaging.maxBufferedDecisions(), 1_000_000);
        within("atlas.messaging.max-buffered-bytes", messaging.maxBufferedBytes(), 1L << 36);
    }

    private static void within(String key, long value, long most) {
        if (value < 1 || value > most) {
            throw new ConfigurationException(key + " is " + value + "; it may be 1 to " + most);
        }
    }

    private static ClusterDescription readCluster(Path file) {
        try {
            return ClusterFile.read(file);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "atlas.cluster-file is " + file + "; it may be a readable file: " + reason(e));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("atlas.cluster-file is not a cluster: " + e.getMessage());
        }
    }

    private static Membership membership(ClusterDescription cluster) {
        if (cluster.epoch() != 1) {
            throw new ConfigurationException("atlas.cluster-file is of epoch " + cluster.epoch()
                    + "; it may be the cluster's first file, epoch 1, from which all later members are proven");
        }
        return members(cluster);
    }

    private static Membership members(ClusterDescription cluster) {
        return Membership.of(
                cluster.clusterId(),
                cluster.epoch(),
                cluster.members().stream().map(ReplicaSettings::member).toList());
    }

    private static Member member(ClusterDescription.Member m) {
        return new Member(m.id(), m.publicKey(), m.host(), m.peerPort(), m.clientPort());
    }

    private static ReplicaKeys readKeys(IdentityFiles files) {
        try {
            return new ReplicaKeys(files.load());
        } catch (IOException e) {
            throw new ConfigurationException("atlas.identity-file is " + files.file()
                    + "; it may be the private key of this replica: " + reason(e));
        }
    }

    private static Ed25519Identity gatewayIdentity(AtlasConfig config) {
        within("atlas.gateway.request-timeout-millis", config.gateway().requestTimeoutMillis(), 600_000);
        Path file = config.gateway()
                .identityFile()
                .orElseGet(() -> config.identityFile().resolveSibling("gateway.pem"));
        try {
            if (!Files.exists(file)) {
                Ed25519Identity.generate().store(file);
            }
            return Ed25519Identity.load(file);
        } catch (IOException e) {
            throw new ConfigurationException("atlas.gateway.identity-file is " + file
                    + "; it may be a private key, or a file that can be made in a directory that exists: " + reason(e));
        }
    }

    private static Path beside(Path dbPath) {
        return dbPath.toAbsolutePath().resolveSibling("checkpoints");
    }

    private static SortedMap<PublicKey, Role> administrators(ClusterDescription cluster) {
        TreeMap<PublicKey, Role> administrators = new TreeMap<>();
        cluster.administrators()
                .forEach(administrator -> administrators.put(
                        PublicKey.of(administrator.publicKey()),
                        switch (administrator.role()) {
                            case VIEWER -> Role.VIEWER;
                            case OPERATOR -> Role.OPERATOR;
                            case OWNER -> Role.OWNER;
                        }));
        return administrators;
    }

    private static ReplicaConfiguration replica(
            AtlasConfig config, Membership membership, SortedMap<PublicKey, Role> administrators) {
        AtlasConfig.Ordering ordering = config.ordering();
        AtlasConfig.Requests requests = config.requests();
        AtlasConfig.ViewTransfer view = config.viewTransfer();
        AtlasConfig.Sessions sessions = config.sessions();
        within("atlas.ordering.window", ordering.window(), 1024);
        try {
            return new ReplicaConfiguration(
                    config.nextSequenceNumber(),
                    config.dbPath(),
                    config.durability(),
                    new ProtocolConfiguration(
                            membership,
                            config.replicaId(),
                            ordering.window(),
                            ordering.maxBatchRequests(),
                            ordering.maxBatchBytes(),
                            ordering.maxBatchDelayMillis(),
                            requests.maxPending(),
                            requests.maxPendingBytes(),
                            requests.maxPendingPerClient(),
                            view.progressTimeoutMillis(),
                            view.requestTimeoutMillis(),
                            view.maxTimeoutMillis(),
                            view.statusIntervalMillis(),
                            ordering.maxClockSkewMillis()),
                    new SessionLimits(
                            sessions.window(),
                            sessions.maxSessions(),
                            sessions.maxReplyBytes(),
                            sessions.lifetimeMillis()),
                    new CheckpointConfiguration(
                            config.checkpoint().path().orElseGet(() -> beside(config.dbPath())),
                            new CheckpointPolicy(
                                    config.checkpoint().interval(),
                                    config.checkpoint().retain(),
                                    config.checkpoint().maxAgeMillis())),
                    administrators,
                    new PreProcessingConfiguration(
                            config.preProcessing().orderedThreads(),
                            config.preProcessing().unorderedThreads(),
                            config.preProcessing().vouchFromSignatures()),
                    config.shutdown().graceMillis());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage());
        }
    }

    private static StateTransferConfiguration stateTransfer(AtlasConfig.StateTransfer stateTransfer) {
        try {
            return new StateTransferConfiguration(stateTransfer.maxBytesPerSecond());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage());
        }
    }

    private static ExecutionConfiguration execution(AtlasConfig.Execution execution) {
        try {
            return new ExecutionConfiguration(
                    execution.model(),
                    execution.threads().orElse(ExecutionConfiguration.defaults().threads()),
                    execution.unorderedThreads(),
                    execution.determinismCheckInterval(),
                    execution.operationDeadlineMillis());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage());
        }
    }

    private static AdminSettings admin(AtlasConfig.Admin config) {
        within("atlas.admin.requests-per-second", config.requestsPerSecond(), 1_000_000);
        within("atlas.admin.max-connections", config.maxConnections(), MAX_HTTP_CONNECTIONS);
        within("atlas.admin.max-connections-per-caller", config.maxConnectionsPerCaller(), MAX_HTTP_CONNECTIONS);
        httpTimeout("atlas.admin.timeout-millis", config.timeoutMillis());
        return new AdminSettings(
                admins(config.clients().orElse(List.of())),
                config.requestsPerSecond(),
                new ListenerLimits(config.maxConnections(), config.maxConnectionsPerCaller(), config.timeoutMillis()));
    }

    /** Nobody proves who he is there, and so all connections may be of one caller. */
    private static ListenerLimits gateway(AtlasConfig.Gateway config) {
        within("atlas.gateway.max-connections", config.maxConnections(), MAX_HTTP_CONNECTIONS);
        httpTimeout("atlas.gateway.timeout-millis", config.timeoutMillis());
        return new ListenerLimits(config.maxConnections(), config.maxConnections(), config.timeoutMillis());
    }

    private static void httpTimeout(String key, int millis) {
        if (millis < MIN_HTTP_TIMEOUT_MILLIS || millis > MAX_HTTP_TIMEOUT_MILLIS) {
            throw new ConfigurationException(key + " is " + millis + "; it may be " + MIN_HTTP_TIMEOUT_MILLIS + " to "
                    + MAX_HTTP_TIMEOUT_MILLIS);
        }
    }

    private static Set<IdentityKey> admins(List<String> clients) {
        Set<IdentityKey> keys = new HashSet<>();
        for (String client : clients) {
            if (!client.matches("[0-9a-fA-F]{64}")) {
                throw new ConfigurationException("atlas.admin.clients is " + client
                        + "; it may be a list of public keys, each of 64 hexadecimal digits");
            }
            keys.add(IdentityKey.of(HexFormat.of().parseHex(client)));
        }
        return keys;
    }

    /** Names the key of a value that a component refuses by the name of its field. */
    private static <T> T checked(String prefix, Supplier<T> component) {
        try {
            return component.get();
        } catch (IllegalArgumentException e) {
            Matcher field = FIELD.matcher(String.valueOf(e.getMessage()));
            String message = field.matches()
                    ? prefix
                            + UPPER.matcher(field.group(1))
                                    .replaceAll(upper -> "-" + upper.group().toLowerCase(Locale.ROOT))
                            + " is " + field.group(2)
                    : prefix + "* is not usable: " + e.getMessage();
            throw new ConfigurationException(message);
        }
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? "there is no such file" : e.getMessage();
    }
}
