package io.atlassmr.server.replica;

import io.atlassmr.crypto.identity.CryptoProviders;
import io.atlassmr.runtime.configuration.ConfigurationException;
import io.atlassmr.runtime.replica.BootstrapException;
import io.atlassmr.runtime.replica.DigestHistory;
import io.atlassmr.runtime.replica.Replica;
import io.atlassmr.runtime.replica.ReplicaSnapshot;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.logging.ReplicaLogContext;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The replica of this process: started when the application has started, closed before it ends. The start goes on in the
 * background, because a long log takes its time and whoever asks meanwhile is to learn that it is under way. A replica that
 * cannot start, or go on, ends the process with a non-zero code.
 */
@Singleton
public final class ReplicaProcess {

    private static final Logger LOG = Logger.getLogger(ReplicaProcess.class);
    private static final int FAILED = 1;

    private final ReplicaSettings settings;
    private final ReplicaAssembly assembly;
    private volatile Replica replica;
    private boolean closing;

    @Inject
    ReplicaProcess(ReplicaSettings settings, ReplicaAssembly assembly) {
        this.settings = settings;
        this.assembly = assembly;
    }

    void onStart(@Observes StartupEvent event) {
        LOG.infof(
                "replica %d of \"%s\": Java %s, %s, durability %s",
                settings.self().id(),
                settings.cluster().clusterId(),
                Runtime.version(),
                CryptoProviders.describe(),
                settings.replica().durability());
        boolean _ = Thread.ofPlatform()
                .name("atlas-bootstrap")
                .start(this::bootstrap)
                .isAlive();
    }

    void onStop(@Observes ShutdownEvent event) {
        Replica running;
        synchronized (this) {
            closing = true;
            running = replica;
        }
        if (running != null) {
            running.close();
        }
    }

    /** Where the replica stands; empty until its start is complete. */
    public Optional<ReplicaSnapshot> snapshot() {
        return Optional.ofNullable(replica).map(Replica::snapshot);
    }

    /** The digests after the last decisions; empty until the start is complete. */
    public Optional<DigestHistory> digests() {
        return Optional.ofNullable(replica).map(Replica::digests);
    }

    /** Asks for a checkpoint soon; the decision that it has to reach, empty if the replica cannot take the wish now. */
    public Optional<Long> wantCheckpoint() {
        return Optional.ofNullable(replica)
                .filter(Replica::wantCheckpoint)
                .map(wanting -> wanting.snapshot().protocol().lastDecided());
    }

    private void bootstrap() {
        try {
            Replica started = assembly.start(this::fail);
            ReplicaLogContext.enterView(started.snapshot().protocol().view());
            boolean tooLate;
            synchronized (this) {
                replica = started;
                tooLate = closing;
            }
            if (tooLate) {
                started.close();
            }
        } catch (BootstrapException e) {
            LOG.debug("bootstrap", e);
            fail(e.getMessage());
        } catch (ConfigurationException e) {
            fail(e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("the replica cannot start", e);
            fail("the replica cannot start: " + e);
        }
    }

    private void fail(String reason) {
        LOG.fatal(reason);
        FailureReason.set(reason);
        Quarkus.asyncExit(FAILED);
    }
}
