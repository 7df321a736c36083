package io.atlassmr.server.replica;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.identity.CryptoProviders;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import io.atlassmr.protocol.verify.CommandSigning;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.runtime.configuration.ConfigurationException;
import io.atlassmr.runtime.replica.Replica;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.runtime.replica.status.DigestHistory;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.logging.ReplicaLogContext;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
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
    private final Refusals refusals;
    private final CurrentEpoch epoch;
    private volatile Replica replica;
    private volatile Digest leaveWish;
    private boolean closing;

    @Inject
    ReplicaProcess(ReplicaSettings settings, ReplicaAssembly assembly, Refusals refusals, CurrentEpoch epoch) {
        this.settings = settings;
        this.assembly = assembly;
        this.refusals = refusals;
        this.epoch = epoch;
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

    /** The certificates of the checkpoints that are held, ascending; empty until the start is complete. */
    public Optional<List<Certificate>> checkpoints() {
        return Optional.ofNullable(replica).map(Replica::checkpoints);
    }

    /** Asks for a checkpoint soon; the decision that it has to reach, empty if the replica cannot take the wish now. */
    public Optional<Long> wantCheckpoint() {
        return Optional.ofNullable(replica)
                .filter(Replica::wantCheckpoint)
                .map(wanting -> wanting.snapshot().protocol().lastDecided());
    }

    /** What the members agree on about themselves; what the first ones did, until the start is complete. */
    public ReconfigurationState reconfiguration() {
        return snapshot()
                .map(snapshot -> snapshot.protocol().reconfiguration())
                .orElseGet(() -> ReconfigurationState.initial(
                        settings.replica().protocol().membership(),
                        settings.replica().administrators(),
                        settings.replica().protocol().window(),
                        settings.replica().checkpoints().policy()));
    }

    /**
     * Has a command decided; false if the replica cannot take it now.
     *
     * @throws RejectedMessageException if it is not signed as it says
     */
    public boolean submit(SignedCommand command) throws RejectedMessageException {
        Replica running = replica;
        return running != null && running.submit(command);
    }

    /** Why this replica refused a command before it was decided. */
    public Optional<Refusal> refusal(Digest command) {
        return refusals.of(command);
    }

    /**
     * The decisions that began epochs, from this one on, at most a bounded number; empty until the start is complete.
     *
     * @throws IOException if the log cannot be read
     */
    public Optional<List<Decision>> epochs(long fromEpoch) throws IOException {
        Replica running = replica;
        return running == null ? Optional.empty() : Optional.of(running.epochs(fromEpoch));
    }

    /**
     * The command by which this replica changes to a new key, which is made and stored if there is none yet. The command is the same
     * each time in an epoch.
     *
     * @throws IOException if the key cannot be stored
     */
    public synchronized Optional<SignedCommand> rotation(long expectedEpoch) throws IOException {
        if (replica == null) {
            return Optional.empty();
        }
        Ed25519Identity next = settings.identityFile().makeNext();
        if (settings.keys().of(next.publicKey()).isEmpty()) {
            settings.keys().add(next);
        }
        return Optional.of(CommandSigning.rotation(
                settings.cluster().clusterId(),
                settings.self().id(),
                settings.keys().current(),
                next,
                lastNumber() > expectedEpoch ? lastNumber() + 1 : expectedEpoch,
                expectedEpoch));
    }

    /**
     * The command by which this replica wishes to leave the members. It is the same each time until it is decided.
     *
     * @return empty until the start is complete
     */
    public synchronized Optional<SignedCommand> leave(long expectedEpoch) {
        if (replica == null) {
            return Optional.empty();
        }
        SignedCommand command = CommandSigning.sign(
                settings.cluster().clusterId(),
                signer(),
                Math.max(lastNumber(), expectedEpoch) + 1,
                expectedEpoch,
                new Command.Leave(settings.self().id()));
        leaveWish = command.digest();
        return Optional.of(command);
    }

    /** The key that the current epoch names for this replica. */
    private Signer signer() {
        return reconfiguration()
                .current()
                .membership()
                .member(settings.self().id())
                .flatMap(member -> settings.keys().of(member.publicKey()))
                .orElseGet(() -> settings.keys().current());
    }

    /** The highest number among this replica's commands that were decided in this epoch, 0 for none. */
    private long lastNumber() {
        return reconfiguration().lastNumbers().getOrDefault(PublicKey.of(signer().publicKey()), 0L);
    }

    /** The last command by which this replica wished to leave; empty if there was none since it drains. */
    public Optional<Digest> leaveWish() {
        return Optional.ofNullable(leaveWish);
    }

    /** Leaves leading and clients to others; false if the replica is starting, stopping or too busy. */
    public boolean drain() {
        Replica running = replica;
        return running != null && running.drain();
    }

    /** Undoes {@link #drain}; false if the replica is starting, stopping or too busy. */
    public synchronized boolean resume() {
        boolean resumed = replica != null && replica.resume();
        if (resumed) {
            leaveWish = null;
        }
        return resumed;
    }

    private void bootstrap() {
        try {
            Replica started = assembly.start(this::fail);
            ReplicaLogContext.enterView(started.snapshot().protocol().view());
            epoch.entered(started.snapshot().protocol().reconfiguration().current());
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
