package io.atlassmr.server.replica;

import io.atlassmr.api.Application;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.network.NettyReplicaNetworkNode;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.atlassmr.runtime.replica.Replica;
import io.atlassmr.runtime.replica.ReplicaEvents;
import io.atlassmr.runtime.replica.ReplicaParts;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.server.config.AtlasConfig;
import io.atlassmr.server.config.DevelopmentCluster;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.storage.RocksDbPersistentLog;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The other replicas of a cluster for development, in the process of replica 0, each with an application of its own; none unless
 * {@code atlas.development.directory} is set. They have no HTTP, health and metrics.
 */
@Singleton
final class DevelopmentReplicas {

    private static final Logger LOG = Logger.getLogger(DevelopmentReplicas.class);

    private final AtlasConfig config;
    private final BeanManager beans;
    private final List<Replica> replicas = new ArrayList<>();

    @Inject
    DevelopmentReplicas(AtlasConfig config, BeanManager beans) {
        this.config = config;
        this.beans = beans;
    }

    void onStart(@Observes StartupEvent event) throws BootstrapException {
        Optional<Path> directory = config.development().directory();
        if (directory.isEmpty()) {
            return;
        }
        for (int id = 1; id < DevelopmentCluster.SIZE; id++) {
            replicas.add(start(DevelopmentCluster.settings(config, directory.get(), id)));
        }
        LOG.infof("%d more replicas run in this process, for development", replicas.size());
    }

    private Replica start(ReplicaSettings settings) throws BootstrapException {
        return ReplicaKinds.start(
                newApplication(),
                settings,
                new ReplicaParts(
                        () -> new NettyReplicaNetworkNode(settings.network(), settings.keys()::current),
                        () -> RocksDbPersistentLog.openOrBeginAnew(
                                settings.replica().dbPath(), settings.storage()),
                        settings.keys(),
                        new Ed25519Verifier(),
                        ReplicaMetrics.none(),
                        new Events(settings.self().id())));
    }

    /** Made as the bean is, and no bean: each replica needs one. */
    private Application newApplication() {
        Bean<?> bean = beans.resolve(beans.getBeans(Application.class));
        return (Application) create(bean);
    }

    private <T> T create(Bean<T> bean) {
        CreationalContext<T> context = beans.createCreationalContext(bean);
        return bean.create(context);
    }

    void onStop(@Observes ShutdownEvent event) {
        replicas.forEach(Replica::close);
        replicas.clear();
    }

    /** Says what a developer should see of another replica. */
    private record Events(int id) implements ReplicaEvents {

        @Override
        public void onDecisionExecuted(Decision decision, ExecutedBatch executed) {}

        @Override
        public void onViewInstalled(long view, int leader) {}

        @Override
        public void onViewTransferStarted(long view) {}

        @Override
        public void onCheckpointStable(long sequenceNumber) {}

        @Override
        public void onPeerDropped(int peer, String why) {}

        @Override
        public void onEpochEntered(Epoch epoch) {}

        @Override
        public void onCommandRefused(SignedCommand command, Refusal refusal) {}

        @Override
        public void onEvidence(int member, String what) {
            LOG.warnf("replica %d has evidence against replica %d: %s", id, member, what);
        }

        @Override
        public void onDivergence(long sequenceNumber) {
            LOG.errorf("replica %d has another state after decision %d than a quorum", id, sequenceNumber);
        }

        @Override
        public void onNondeterminism(String what) {
            LOG.errorf("replica %d: %s", id, what);
        }

        @Override
        public void onFatal(String what, Throwable reason) {
            LOG.errorf(reason, "replica %d cannot go on: %s", id, what);
        }
    }
}
