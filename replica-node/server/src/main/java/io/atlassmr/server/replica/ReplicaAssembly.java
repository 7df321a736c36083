package io.atlassmr.server.replica;

import io.atlassmr.api.Application;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.network.NettyReplicaNetworkNode;
import io.atlassmr.network.NetworkStatistics;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.atlassmr.runtime.replica.Replica;
import io.atlassmr.runtime.replica.ReplicaParts;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.messaging.Feeds;
import io.atlassmr.storage.RocksDbPersistentLog;
import io.atlassmr.storage.StorageStatistics;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Chooses the parts that the replica of this process is made of, and keeps hold of those that tell what they have done. */
@Singleton
public final class ReplicaAssembly {

    private final ReplicaSettings settings;
    private final Application application;
    private final MeterRegistry registry;
    private final Feeds feeds;
    private final Refusals refusals;
    private final CurrentEpoch epoch;
    private volatile NettyReplicaNetworkNode network;
    private volatile RocksDbPersistentLog log;

    @Inject
    ReplicaAssembly(
            ReplicaSettings settings,
            Application application,
            MeterRegistry registry,
            Feeds feeds,
            Refusals refusals,
            CurrentEpoch epoch) {
        this.settings = settings;
        this.application = application;
        this.registry = registry;
        this.feeds = feeds;
        this.refusals = refusals;
        this.epoch = epoch;
    }

    /** Starts the kind of replica that the application's state asks for. */
    Replica start(Consumer<String> onFatal) throws BootstrapException {
        return ReplicaKinds.start(application, settings, parts(onFatal));
    }

    private ReplicaParts parts(Consumer<String> onFatal) {
        return new ReplicaParts(
                this::openNetwork,
                this::openLog,
                settings.keys(),
                new Ed25519Verifier(),
                new ReplicaMetrics(registry),
                new ProcessEvents(feeds, refusals, new KeyChange(settings), epoch, onFatal));
    }

    private NettyReplicaNetworkNode openNetwork() {
        network = new NettyReplicaNetworkNode(settings.network(), settings.keys()::current);
        return network;
    }

    private RocksDbPersistentLog openLog() throws IOException {
        log = RocksDbPersistentLog.openOrBeginAnew(settings.replica().dbPath(), settings.storage());
        return log;
    }

    /** What the network has done; empty until it is open. */
    public Optional<NetworkStatistics> networkStatistics() {
        return Optional.ofNullable(network).map(NettyReplicaNetworkNode::statistics);
    }

    /** What the log has done; empty until it is open. */
    public Optional<StorageStatistics> storageStatistics() {
        return Optional.ofNullable(log).map(RocksDbPersistentLog::statistics);
    }
}
