package io.atlassmr.runtime.replica;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import io.atlassmr.protocol.replica.ProtocolConfiguration;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.runtime.configuration.ReplicaConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration.CheckpointConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration.PreProcessingConfiguration;
import io.atlassmr.runtime.configuration.StateTransferConfiguration;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.KeyedDigest;
import io.atlassmr.runtime.fixture.StreamState;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.log.Durability;
import io.atlassmr.runtime.log.FaultyLog;
import io.atlassmr.runtime.log.StorageCondition;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.runtime.replica.configuration.MonolithicReplicaConfiguration;
import io.atlassmr.runtime.replica.signing.ReplicaKeys;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot.Lifecycle;
import io.atlassmr.wire.v1.ClientMessage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole replicas, one of which has a disk that is full or has damage, or a state that was damaged in memory: the cluster goes on,
 * and so does the replica in the end.
 */
@Timeout(120)
class FaultyDisksTest {

    private static final int CHECKPOINT_INTERVAL = 16;
    /** Four parts. */
    private static final int LARGE_STATE_BYTES = 7 << 19;

    @TempDir
    private Path directory;

    private final LocalNetwork network = new LocalNetwork();
    private final Map<Integer, FaultyLog> logs = new HashMap<>();
    private final Map<Integer, StreamState> states = new HashMap<>();
    private final Map<Integer, SimpleMeterRegistry> meters = new HashMap<>();
    private final Set<Integer> diverged = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Replica> replicas = new HashMap<>();
    private long requests;

    private record Events(int id, Set<Integer> diverged) implements ReplicaEvents {
        @Override
        public void onDecisionExecuted(Decision decision, ExecutedBatch executed) {}

        @Override
        public void onFatal(String what, Throwable reason) {}

        @Override
        public void onEpochEntered(Epoch epoch) {}

        @Override
        public void onCommandRefused(SignedCommand command, Refusal refusal) {}

        @Override
        public void onViewInstalled(long view, int leader) {}

        @Override
        public void onViewTransferStarted(long view) {}

        @Override
        public void onCheckpointStable(long sequenceNumber) {}

        @Override
        public void onDivergence(long sequenceNumber) {
            diverged.add(id);
        }

        @Override
        public void onPeerDropped(int peer, String why) {}

        @Override
        public void onEvidence(int member, String what) {}
    }

    @BeforeEach
    void makeLogs() throws IOException {
        for (int id = 0; id < 4; id++) {
            logs.put(id, new FaultyLog());
            new GenesisMarker(directory.resolve("log-" + id)).create();
        }
    }

    @AfterEach
    void stopAll() {
        replicas.values().forEach(Replica::close);
    }

    private void start(int... ids) throws BootstrapException {
        for (int id : ids) {
            states.put(id, new StreamState());
            meters.put(id, new SimpleMeterRegistry());
            ReplicaConfiguration configuration = new ReplicaConfiguration(
                    1,
                    directory.resolve("log-" + id),
                    Durability.STRICT,
                    ProtocolConfiguration.defaults(TestCluster.membership(), id),
                    SessionLimits.defaults(),
                    new CheckpointConfiguration(
                            directory.resolve("checkpoints-" + id), new CheckpointPolicy(CHECKPOINT_INTERVAL, 2, 0)),
                    new TreeMap<>(),
                    new PreProcessingConfiguration(1, 1, 8),
                    1000);
            ReplicaParts parts = new ReplicaParts(
                    () -> network.node(id),
                    () -> logs.get(id),
                    ReplicaKeys.of(KeyedDigest.signer(TestCluster.replicaKey(id))),
                    new KeyedDigest(),
                    new ReplicaMetrics(meters.get(id)),
                    new Events(id, diverged));
            replicas.put(
                    id,
                    MonolithicReplica.start(
                            new MonolithicReplicaConfiguration(
                                    states.get(id), configuration, new StateTransferConfiguration(1 << 30)),
                            parts));
        }
    }

    private ReplicaSnapshot snapshot(int id) {
        return replicas.get(id).snapshot();
    }

    private void await(int id, Predicate<ReplicaSnapshot> isSo) {
        Await.until(() -> isSo.test(snapshot(id)), () -> snapshot(id));
    }

    /** Has so many requests decided, each in a decision of its own, and waits until these replicas have executed them. */
    private void order(int count, int... by) {
        for (int i = 0; i < count; i++) {
            long before = snapshot(by[0]).executedSequenceNumber();
            byte[] frame = ClientMessage.newBuilder()
                    .setOrdered(
                            BatchCodec.toWire(TestCluster.bundleSignedAt(System.currentTimeMillis(), 1, ++requests)))
                    .build()
                    .toByteArray();
            for (int id : by) {
                network.fromClient(id, TestCluster.client(1), frame);
            }
            for (int id : by) {
                await(id, snapshot -> snapshot.executedSequenceNumber() > before);
            }
        }
    }

    private void awaitEqual(int id, int other) {
        Await.until(
                () -> snapshot(id).stateDigest().equals(snapshot(other).stateDigest()),
                () -> snapshot(id) + " beside " + snapshot(other));
    }

    private static boolean logFails(ReplicaSnapshot snapshot) {
        return snapshot.storage().failures().containsKey(StorageCondition.Use.LOG);
    }

    @Test
    void aFullDiskKeepsAReplicaFromVotingUntilThereIsRoom() throws Exception {
        start(0, 1, 2, 3);
        order(1, 0, 1, 2, 3);
        logs.get(3).refuse(_ -> true);
        order(3, 0, 1, 2);
        await(3, FaultyDisksTest::logFails);
        await(3, snapshot -> !snapshot.protocol().recovery().votes());
        assertFalse(snapshot(3).ready());
        assertEquals(Lifecycle.RUNNING, snapshot(3).lifecycle());
        logs.get(3).makeRoom();
        await(3, ReplicaSnapshot::ready);
        assertEquals(Map.of(), snapshot(3).storage().failures());
        order(1, 0, 1, 2, 3);
        awaitEqual(3, 0);
    }

    @Test
    void aLeaderWithAFullDiskHandsOver() throws Exception {
        start(0, 1, 2, 3);
        order(1, 0, 1, 2, 3);
        logs.get(0).refuse(_ -> true);
        order(2, 1, 2, 3);
        assertTrue(snapshot(1).protocol().view() > 0);
        await(0, FaultyDisksTest::logFails);
    }

    @Test
    void decisionsFromADamagedOneOnAreFetchedAgain() throws Exception {
        start(0, 1, 2, 3);
        order(6, 0, 1, 2, 3);
        replicas.get(3).close();
        logs.get(3).damage(RecordFamily.DECISIONS, 4);
        start(3);
        assertEquals(2, snapshot(3).storage().damaged());
        await(3, snapshot -> snapshot.protocol().recovery().votes());
        order(1, 0, 1, 2, 3);
        awaitEqual(3, 0);
    }

    @Test
    void aReplicaThatCannotReadWhetherItAbstainsDoesUntilACheckpointEndsIt() throws Exception {
        start(0, 1, 2, 3);
        order(2, 0, 1, 2, 3);
        replicas.get(3).close();
        logs.get(3).damage(RecordFamily.META, 2);
        start(3);
        assertTrue(snapshot(3).protocol().recovery().abstains());
        await(3, ReplicaSnapshot::ready);
        assertTrue(snapshot(3).protocol().recovery().stableCheckpoint() > 0);
    }

    @Test
    void aCrashBetweenTakingAFetchedCheckpointAndRecordingItFetchesNoPartAgain() throws Exception {
        start(0, 1, 2);
        for (int id = 0; id < 3; id++) {
            states.get(id).become(new byte[LARGE_STATE_BYTES]);
        }
        order(3 * CHECKPOINT_INTERVAL, 0, 1, 2);
        await(0, snapshot -> snapshot.protocol().recovery().firstAvailable() > 1);
        await(1, snapshot -> snapshot.protocol().recovery().firstAvailable() > 1);
        await(2, snapshot -> snapshot.protocol().recovery().firstAvailable() > 1);
        logs.get(3).refuse(change -> change.family() == RecordFamily.CHECKPOINTS && change instanceof LogWrite.Put);
        start(3);
        await(3, FaultyDisksTest::logFails);
        assertTrue(snapshot(3).executedSequenceNumber() >= CHECKPOINT_INTERVAL);
        double all = stateBytesReceived(3);
        replicas.get(3).close();
        logs.get(3).makeRoom();
        start(3);
        assertEquals(0, snapshot(3).protocol().recovery().stableCheckpoint());
        await(3, ReplicaSnapshot::ready);
        await(3, snapshot -> snapshot.protocol().recovery().stableCheckpoint() > 0);
        // Only the last of the state's parts may have changed meanwhile.
        assertTrue(all >= LARGE_STATE_BYTES, () -> all + " bytes came");
        assertTrue(stateBytesReceived(3) < all / 2, () -> stateBytesReceived(3) + " bytes came again of " + all);
        order(1, 0, 1, 2, 3);
        awaitEqual(3, 0);
    }

    private double stateBytesReceived(int id) {
        return meters.get(id).get("atlas.state.transfer.received").counter().count();
    }

    @Test
    void aReplicaWhoseStateWasDamagedInMemoryStopsVotingSaysSoAndRepairsItself() throws Exception {
        start(0, 1, 2, 3);
        order(1, 0, 1, 2, 3);
        byte[] damaged = states.get(3).bytes().clone();
        damaged[0] ^= 1;
        states.get(3).become(damaged);
        order(CHECKPOINT_INTERVAL, 0, 1, 2);
        Await.until(() -> diverged.contains(3), () -> snapshot(3));
        await(3, ReplicaSnapshot::ready);
        assertFalse(snapshot(3).protocol().recovery().diverged());
        order(1, 0, 1, 2, 3);
        awaitEqual(3, 0);
        assertArrayEquals(states.get(0).bytes(), states.get(3).bytes());
        assertEquals(Set.of(3), diverged);
    }
}
