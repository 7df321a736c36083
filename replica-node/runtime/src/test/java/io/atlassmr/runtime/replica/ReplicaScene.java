package io.atlassmr.runtime.replica;

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
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.log.Durability;
import io.atlassmr.runtime.log.InMemoryPersistentLog;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.runtime.replica.configuration.MonolithicReplicaConfiguration;
import io.atlassmr.runtime.replica.signing.ReplicaKeys;
import io.atlassmr.wire.v1.ClientMessage;
import io.atlassmr.wire.v1.Replies;
import io.atlassmr.wire.v1.ReplyStatus;
import io.atlassmr.wire.v1.SignedReplies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Whole replicas on real threads, with a network and logs in memory. */
abstract class ReplicaScene {

    @TempDir
    Path directory;

    final LocalNetwork network = new LocalNetwork();
    final Map<Integer, InMemoryPersistentLog> logs = new HashMap<>();
    final Map<Integer, Replica> replicas = new HashMap<>();
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final BlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();

    @AfterEach
    void stopAll() {
        replicas.values().forEach(Replica::close);
    }

    /** A replica that counts, and whose log must not end before this. */
    MonolithicReplicaConfiguration configuration(int id, long nextSequenceNumber) {
        ReplicaConfiguration replica = new ReplicaConfiguration(
                nextSequenceNumber,
                directory.resolve("log-" + id),
                Durability.STRICT,
                ProtocolConfiguration.defaults(TestCluster.membership(), id),
                SessionLimits.defaults(),
                new CheckpointConfiguration(directory.resolve("checkpoints-" + id), CheckpointPolicy.defaults()),
                new TreeMap<>(),
                new PreProcessingConfiguration(1, 1, 8),
                10_000);
        return new MonolithicReplicaConfiguration(new Counter(), replica, new StateTransferConfiguration(1 << 30));
    }

    /** What it is made of, with this key. */
    ReplicaParts parts(int id, ReplicaNetworkNode node, byte[] key) {
        return new ReplicaParts(
                () -> node,
                () -> logs.computeIfAbsent(id, _ -> new InMemoryPersistentLog()),
                ReplicaKeys.of(KeyedDigest.signer(key)),
                new KeyedDigest(),
                ReplicaMetrics.none(),
                new Events(id));
    }

    /** Starts a replica that never ran, or that ran before. */
    Replica start(int id) throws BootstrapException {
        vouchForEmptyLog(id);
        Replica replica =
                MonolithicReplica.start(configuration(id, 1), parts(id, network.node(id), TestCluster.replicaKey(id)));
        replicas.put(id, replica);
        return replica;
    }

    private void vouchForEmptyLog(int id) {
        if (!logs.containsKey(id)) {
            try {
                new GenesisMarker(directory.resolve("log-" + id)).create();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    void startAll() throws BootstrapException {
        for (int id = 0; id < 4; id++) {
            start(id);
        }
    }

    /** Has the client hand a request to these replicas. */
    void order(long number, int... to) {
        byte[] frame = ClientMessage.newBuilder()
                .setOrdered(BatchCodec.toWire(TestCluster.bundleSignedAt(System.currentTimeMillis(), 1, number)))
                .build()
                .toByteArray();
        for (int replica : to) {
            network.fromClient(replica, TestCluster.client(1), frame);
        }
    }

    /** Waits until a replica says that it does not take the request. */
    ReplyStatus awaitRefusal(long number) throws Exception {
        while (true) {
            LocalNetwork.Answer answer = Await.next(network.answers());
            Replies frame =
                    Replies.parseFrom(SignedReplies.parseFrom(answer.frame()).getPayload());
            for (io.atlassmr.wire.v1.Reply reply : frame.getRepliesList()) {
                if (reply.getNumber() == number && reply.getStatus() != ReplyStatus.OK) {
                    return reply.getStatus();
                }
            }
        }
    }

    /** Waits for the same answer to a request from so many replicas. */
    String awaitAnswer(long number, int replies) throws Exception {
        Map<String, TreeSet<Integer>> saidBy = new HashMap<>();
        while (true) {
            LocalNetwork.Answer answer = Await.next(network.answers());
            Replies frame =
                    Replies.parseFrom(SignedReplies.parseFrom(answer.frame()).getPayload());
            for (io.atlassmr.wire.v1.Reply reply : frame.getRepliesList()) {
                if (reply.getNumber() == number && reply.getStatus() == ReplyStatus.OK) {
                    String result = reply.getResult().toStringUtf8();
                    TreeSet<Integer> who = saidBy.computeIfAbsent(result, _ -> new TreeSet<>());
                    who.add(answer.replica());
                    if (who.size() == replies) {
                        return result;
                    }
                }
            }
        }
    }

    /** Waits until a replica told this. */
    void awaitEvent(String event) throws InterruptedException {
        while (!Await.next(events).equals(event)) {}
    }

    private final class Events implements ReplicaEvents {
        private final int id;

        Events(int id) {
            this.id = id;
        }

        @Override
        public void onDecisionExecuted(Decision decision, ExecutedBatch executed) {
            events.add(id + " executed " + executed.sequenceNumber());
        }

        @Override
        public void onFatal(String what, Throwable reason) {
            fatal.add(reason);
        }

        @Override
        public void onEpochEntered(Epoch epoch) {}

        @Override
        public void onCommandRefused(SignedCommand command, Refusal refusal) {}

        @Override
        public void onViewInstalled(long view, int leader) {
            events.add(id + " in view " + view);
        }

        @Override
        public void onViewTransferStarted(long view) {}

        @Override
        public void onCheckpointStable(long sequenceNumber) {}

        @Override
        public void onDivergence(long sequenceNumber) {}

        @Override
        public void onPeerDropped(int peer, String why) {}

        @Override
        public void onEvidence(int member, String what) {}
    }
}
