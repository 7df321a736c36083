package io.atlassmr.runtime.replica;

import io.atlassmr.api.Application;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.reconfiguration.ReconfigurationStart;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.replica.ReplicaProtocol;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.checkpoint.PartVerification;
import io.atlassmr.runtime.configuration.ReplicaConfiguration;
import io.atlassmr.runtime.execution.ExecutionParts;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.log.RecordStore;
import io.atlassmr.runtime.log.StorageCondition;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.runtime.replica.signing.ReplicaKeys;
import java.io.IOException;
import org.jboss.logging.Logger;

/**
 * What a replica has on its disk, a log and checkpoints, and what is recovered from them: the application's execution and the
 * protocols. Its methods are called in the order in which they are here; what was opened until then is closed by {@link #close}.
 */
final class StoredState implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(StoredState.class);

    private final ReplicaConfiguration configuration;
    private final Application application;
    private final StorageCondition condition;
    private final Membership membership;
    private final int self;
    private PersistentLog log;
    private RecordStore records;
    private CheckpointStore checkpoints;
    private OrderedExecution execution;
    private ReplicaProtocol protocol;

    StoredState(ReplicaConfiguration configuration, Application application, StorageCondition condition) {
        this.configuration = configuration;
        this.application = application;
        this.condition = condition;
        this.membership = configuration.protocol().membership();
        this.self = configuration.protocol().self();
    }

    /** Opens the log; says what was opened. */
    String openLog(ReplicaParts.Opener<PersistentLog> opener) throws IOException {
        log = opener.open();
        GenesisMarker genesis = new GenesisMarker(configuration.dbPath());
        log.damage().ifPresent(condition::damaged);
        records = new RecordStore(log, membership.clusterId(), self, genesis.isPresent(), condition);
        genesis.remove();
        return "durability " + configuration.durability() + " in " + configuration.dbPath();
    }

    /**
     * Restores the newest checkpoint that is held, executes the decisions after it, and starts the protocols from there; says where
     * that is.
     *
     * @throws IOException if the disk cannot be read, or is not this replica's or not the right one
     */
    String recover(ExecutionParts executionParts, ReplicaKeys keys, Time now) throws IOException {
        checkpoints = new CheckpointStore(
                configuration.checkpoints().path(), application.state(), PartVerification.BY_DIGEST, condition);
        if (log.damage().isPresent()) {
            checkpoints.setAside();
        }
        Certificate checkpoint = checkpoints.recover(records.checkpoints());
        OrderingState start = records.load(configuration.protocol().window(), checkpoint);
        if (start.lastDecided() + 1 < configuration.nextSequenceNumber()) {
            throw new IOException("the log in " + configuration.dbPath() + " ends at decision " + start.lastDecided()
                    + ", but atlas.next-sequence-number is " + configuration.nextSequenceNumber()
                    + ": mount the right disk, or lower the number if decisions may be fetched from peers");
        }
        execution = executionParts.execution(
                new SessionTable(configuration.sessions()),
                ReconfigurationState.initial(
                        membership,
                        configuration.administrators(),
                        configuration.protocol().window(),
                        configuration.checkpoints().policy()));
        if (checkpoint != null) {
            execution.restore(checkpoints.source(checkpoint.sequenceNumber()));
        }
        for (long s = execution.lastExecuted() + 1; s <= start.lastDecided(); s++) {
            execution.replay(records.decision(s));
        }
        protocol = new ReplicaProtocol(configuration.protocol(), start, cluster(keys), now);
        protocol.remember(records.evidence());
        return described(start, checkpoint);
    }

    private ReconfigurationStart cluster(ReplicaKeys keys) throws IOException {
        EpochHistory epochs = records.history(membership);
        Member newest = epochs.latest().membership().member(self).orElse(null);
        if (newest != null && keys.of(newest.publicKey()).isEmpty()) {
            throw new IOException("none of the identity files holds the key that epoch "
                    + epochs.latest().number() + " names for replica " + self + ": bring back the file that was lost");
        }
        ReconfigurationState state = execution.reconfiguration();
        if (epochs.of(state.current().number()).isEmpty()) {
            throw new IOException("the log in " + configuration.dbPath() + " knows the epochs up to "
                    + epochs.latest().number() + ", its decisions are of epoch "
                    + state.current().number()
                    + ": empty the directory and let the replica come back as one that lost its disk");
        }
        return new ReconfigurationStart(epochs, state);
    }

    private static String described(OrderingState start, Certificate checkpoint) {
        return "view " + start.view() + (start.active() ? "" : " (not open)") + ", "
                + (checkpoint == null ? "no checkpoint" : "checkpoint " + checkpoint.sequenceNumber())
                + ", decisions executed up to " + start.lastDecided()
                + (start.silentUpTo() > start.lastDecided()
                        ? ", silent until those up to " + start.silentUpTo() + " are fetched"
                        : "")
                + (start.abstention().active()
                        ? ", votes were lost: abstains until a checkpoint covers them and the view is later"
                        : "");
    }

    RecordStore records() {
        return records;
    }

    CheckpointStore checkpoints() {
        return checkpoints;
    }

    OrderedExecution execution() {
        return execution;
    }

    ReplicaProtocol protocol() {
        return protocol;
    }

    @Override
    public void close() {
        if (execution != null) {
            execution.close();
        }
        if (checkpoints != null) {
            checkpoints.close();
        }
        if (log != null) {
            try {
                log.close();
            } catch (IOException e) {
                LOG.errorf(e, "the log in %s did not close cleanly", configuration.dbPath());
            }
        }
    }
}
