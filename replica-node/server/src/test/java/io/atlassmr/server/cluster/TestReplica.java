package io.atlassmr.server.cluster;

import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.kv.InMemoryKvState;
import io.atlassmr.kv.KvApplication;
import io.atlassmr.network.NettyReplicaNetworkNode;
import io.atlassmr.network.NetworkConfiguration;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.replica.ProtocolConfiguration;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.runtime.configuration.ReplicaConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration.CheckpointConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration.PreProcessingConfiguration;
import io.atlassmr.runtime.configuration.StateTransferConfiguration;
import io.atlassmr.runtime.log.Durability;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.atlassmr.runtime.replica.GenesisMarker;
import io.atlassmr.runtime.replica.MonolithicReplica;
import io.atlassmr.runtime.replica.Replica;
import io.atlassmr.runtime.replica.ReplicaParts;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.runtime.replica.configuration.MonolithicReplicaConfiguration;
import io.atlassmr.runtime.replica.signing.ReplicaKeys;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.storage.RocksDbPersistentLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/** A replica with its real parts, what it did, and a way to take it off the network as a crash does. */
public final class TestReplica implements AutoCloseable {

    private static final long GRACE_MILLIS = 5_000;

    private final int id;
    private final NettyReplicaNetworkNode network;
    private final History history;
    private final Replica replica;

    private TestReplica(int id, NettyReplicaNetworkNode network, History history, Replica replica) {
        this.id = id;
        this.network = network;
        this.history = history;
        this.replica = replica;
    }

    private static void vouchForEmpty(Path log) {
        if (!Files.exists(log)) {
            try {
                new GenesisMarker(log).create();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static TestReplica start(ClusterDescription cluster, int id, Ed25519Identity identity, Path log)
            throws BootstrapException {
        Membership membership = Membership.of(
                cluster.clusterId(),
                cluster.epoch(),
                cluster.members().stream()
                        .map(m -> new Member(m.id(), m.publicKey(), m.host(), m.peerPort(), m.clientPort()))
                        .toList());
        vouchForEmpty(log);
        ReplicaConfiguration configuration = new ReplicaConfiguration(
                1,
                log,
                Durability.STRICT,
                ProtocolConfiguration.defaults(membership, id),
                SessionLimits.defaults(),
                new CheckpointConfiguration(log.resolveSibling("checkpoints-" + id), CheckpointPolicy.defaults()),
                new TreeMap<>(),
                new PreProcessingConfiguration(1, 1, 8),
                GRACE_MILLIS);
        NettyReplicaNetworkNode network =
                new NettyReplicaNetworkNode(NetworkConfiguration.of(membership, id, "127.0.0.1"), identity);
        History history = new History();
        Replica replica = MonolithicReplica.start(
                new MonolithicReplicaConfiguration(
                        new KvApplication(new InMemoryKvState()),
                        configuration,
                        new StateTransferConfiguration(1 << 30)),
                new ReplicaParts(
                        () -> network,
                        () -> RocksDbPersistentLog.open(log),
                        ReplicaKeys.of(identity),
                        new Ed25519Verifier(),
                        ReplicaMetrics.none(),
                        history));
        return new TestReplica(id, network, history, replica);
    }

    public int id() {
        return id;
    }

    public History history() {
        return history;
    }

    public ReplicaSnapshot snapshot() {
        return replica.snapshot();
    }

    /** From one moment to the next nobody hears of it any more. */
    public void cutOff() {
        network.close();
    }

    /** Stops it as SIGTERM does. */
    @Override
    public void close() {
        replica.close();
    }
}
