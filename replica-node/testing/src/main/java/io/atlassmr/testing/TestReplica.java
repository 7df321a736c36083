package io.atlassmr.testing;

import io.atlassmr.api.Application;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.replica.ProtocolConfiguration;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.runtime.configuration.ExecutionConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration.CheckpointConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration.PreProcessingConfiguration;
import io.atlassmr.runtime.configuration.StateTransferConfiguration;
import io.atlassmr.runtime.execution.guard.GuardedRunner;
import io.atlassmr.runtime.log.Durability;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.replica.DivisibleReplica;
import io.atlassmr.runtime.replica.GenesisMarker;
import io.atlassmr.runtime.replica.MonolithicReplica;
import io.atlassmr.runtime.replica.Replica;
import io.atlassmr.runtime.replica.ReplicaParts;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.runtime.replica.configuration.DivisibleReplicaConfiguration;
import io.atlassmr.runtime.replica.configuration.MonolithicReplicaConfiguration;
import io.atlassmr.runtime.replica.signing.ReplicaKeys;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.storage.RocksDbPersistentLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/** A replica that runs: all of its parts are the real ones. */
final class TestReplica implements AutoCloseable {

    private static final int CHECKPOINT_INTERVAL = 100;
    private static final int EVERY_BATCH = 1;
    private static final long DEADLINE_MILLIS = 10_000;
    private static final int THREADS = 2;
    private static final int VOUCH_FROM_SIGNATURES = 8;

    private final Application application;
    private final ReplicaNetworkNode network;
    private final ReplicaWatch watch;
    private final Replica replica;

    private TestReplica(Application application, ReplicaNetworkNode network, ReplicaWatch watch, Replica replica) {
        this.application = application;
        this.network = network;
        this.watch = watch;
        this.replica = replica;
    }

    static TestReplica start(
            Membership membership,
            int id,
            Signer identity,
            Path directory,
            Application application,
            ReplicaNetworkNode network,
            ReplicaWatch watch) {
        Path log = directory.resolve("log-" + id);
        try {
            if (!Files.exists(log)) {
                new GenesisMarker(log).create();
            }
            ReplicaConfiguration configuration = new ReplicaConfiguration(
                    1,
                    log,
                    Durability.RELAXED,
                    ProtocolConfiguration.defaults(membership, id),
                    SessionLimits.defaults(),
                    new CheckpointConfiguration(
                            directory.resolve("checkpoints-" + id), new CheckpointPolicy(CHECKPOINT_INTERVAL, 2, 0)),
                    new TreeMap<>(),
                    new PreProcessingConfiguration(1, 1, VOUCH_FROM_SIGNATURES),
                    0);
            ReplicaParts parts = new ReplicaParts(
                    () -> network,
                    () -> RocksDbPersistentLog.open(log),
                    ReplicaKeys.of(identity),
                    new Ed25519Verifier(),
                    ReplicaMetrics.none(),
                    watch);
            return new TestReplica(application, network, watch, start(application, configuration, parts));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BootstrapException e) {
            throw new IllegalStateException("replica " + id + " cannot start: " + e.getMessage(), e);
        }
    }

    private static Replica start(Application application, ReplicaConfiguration configuration, ReplicaParts parts)
            throws BootstrapException {
        StateTransferConfiguration transfer = new StateTransferConfiguration(1 << 30);
        return switch (application.state()) {
            case MonolithicState _ ->
                MonolithicReplica.start(
                        new MonolithicReplicaConfiguration(
                                application, configuration, transfer, execution(application)),
                        parts);
            case DivisibleState _ ->
                DivisibleReplica.start(
                        new DivisibleReplicaConfiguration(application, configuration, transfer, execution(application)),
                        parts);
        };
    }

    /** Checks determinism in every batch where it can, which costs a test little and a production cluster much. */
    private static ExecutionConfiguration execution(Application application) {
        int interval = GuardedRunner.canCheck(application) ? EVERY_BATCH : 0;
        return new ExecutionConfiguration(Optional.empty(), THREADS, 1, interval, DEADLINE_MILLIS);
    }

    Application application() {
        return application;
    }

    ReplicaSnapshot snapshot() {
        return replica.snapshot();
    }

    ReplicaWatch watch() {
        return watch;
    }

    /** From one moment to the next nobody hears of it any more, and its threads end. */
    void kill() {
        network.close();
        close();
    }

    @Override
    public void close() {
        replica.close();
        if (application instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("the application cannot be closed", e);
            }
        }
    }
}
