package io.atlassmr.runtime.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.Application;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReplicatedState;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Roster;
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
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.runtime.replica.configuration.MonolithicReplicaConfiguration;
import io.atlassmr.runtime.replica.signing.ReplicaKeys;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot.Lifecycle;
import io.atlassmr.wire.v1.ClientMessage;
import io.atlassmr.wire.v1.Replies;
import io.atlassmr.wire.v1.ReplyStatus;
import io.atlassmr.wire.v1.SignedReplies;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole replicas on real threads, with a network and logs in memory. */
@Timeout(120)
class ReplicaTest {

    @TempDir
    private Path directory;

    private final LocalNetwork network = new LocalNetwork();
    private final Map<Integer, InMemoryPersistentLog> logs = new HashMap<>();
    private final Map<Integer, Replica> replicas = new HashMap<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();

    /** Counts what it executed; an operation named "break" breaks it. */
    private static final class Counter implements Application, MonolithicState {
        private int executed;

        @Override
        public byte[] executeOrdered(byte[] operation, OrderedContext context) {
            if (new String(operation, StandardCharsets.UTF_8).equals("op666")) {
                throw new OutOfMemoryError("on purpose");
            }
            return String.valueOf(++executed).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] executeUnordered(byte[] operation, UnorderedContext context) {
            return String.valueOf(executed).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public ReplicatedState state() {
            return this;
        }

        @Override
        public Image capture() {
            String count = String.valueOf(executed);
            return new Image() {
                @Override
                public void writeTo(OutputStream output) throws IOException {
                    output.write(count.getBytes(StandardCharsets.UTF_8));
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void restore(InputStream input) throws IOException {
            executed = Integer.parseInt(new String(input.readAllBytes(), StandardCharsets.UTF_8));
        }
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

    @AfterEach
    void stopAll() {
        replicas.values().forEach(Replica::close);
    }

    private MonolithicReplicaConfiguration configuration(int id, long nextSequenceNumber) {
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

    private ReplicaParts parts(int id, ReplicaNetworkNode node, byte[] key) {
        return new ReplicaParts(
                () -> node,
                () -> logs.computeIfAbsent(id, _ -> new InMemoryPersistentLog()),
                ReplicaKeys.of(KeyedDigest.signer(key)),
                new KeyedDigest(),
                ReplicaMetrics.none(),
                new Events(id));
    }

    private Replica start(int id) throws BootstrapException {
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

    private void startAll() throws BootstrapException {
        for (int id = 0; id < 4; id++) {
            start(id);
        }
    }

    private void order(long number, int... to) {
        byte[] frame = ClientMessage.newBuilder()
                .setOrdered(BatchCodec.toWire(TestCluster.bundleSignedAt(System.currentTimeMillis(), 1, number)))
                .build()
                .toByteArray();
        for (int replica : to) {
            network.fromClient(replica, TestCluster.client(1), frame);
        }
    }

    /** Waits until a replica says that it does not take the request. */
    private ReplyStatus awaitRefusal(long number) throws Exception {
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
    private String awaitAnswer(long number, int replies) throws Exception {
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

    private void awaitEvent(String event) throws InterruptedException {
        while (!Await.next(events).equals(event)) {}
    }

    @Test
    void fourReplicasAnswerWithOneVoice() throws Exception {
        startAll();
        order(1, 0);
        assertEquals("1", awaitAnswer(1, 4));
        order(2, 3);
        assertEquals("2", awaitAnswer(2, 4));
        TreeSet<String> digests = new TreeSet<>();
        for (Replica replica : replicas.values()) {
            ReplicaSnapshot snapshot = replica.snapshot();
            assertEquals(Lifecycle.RUNNING, snapshot.lifecycle());
            assertEquals(2, snapshot.executedSequenceNumber());
            digests.add(snapshot.stateDigest().toHex());
        }
        assertEquals(1, digests.size());
    }

    @Test
    void aLeaderThatStopsHandsOverFirst() throws Exception {
        startAll();
        order(1, 0);
        assertEquals("1", awaitAnswer(1, 4));
        Replica leader = replicas.get(0);
        leader.close();
        assertEquals(Lifecycle.STOPPED, leader.snapshot().lifecycle());
        leader.close();
        awaitEvent("1 in view 1");
        order(2, 1);
        assertEquals("2", awaitAnswer(2, 3));
    }

    @Test
    void aReplicaThatDrainsLeadsAndServesNobodyAndVotesOn() throws Exception {
        startAll();
        order(1, 0);
        assertEquals("1", awaitAnswer(1, 4));
        Replica leader = replicas.get(0);
        assertTrue(leader.drain());
        assertTrue(leader.drain());
        assertEquals(Lifecycle.DRAINING, leader.snapshot().lifecycle());
        assertFalse(leader.snapshot().ready());
        awaitEvent("0 in view 1");
        order(2, 0);
        assertEquals(ReplyStatus.UNAVAILABLE, awaitRefusal(2));
        replicas.get(3).close();
        order(2, 1);
        assertEquals("2", awaitAnswer(2, 3));

        assertTrue(leader.resume());
        assertTrue(leader.resume());
        assertEquals(Lifecycle.RUNNING, leader.snapshot().lifecycle());
        order(3, 0);
        assertEquals("3", awaitAnswer(3, 3));
    }

    @Test
    void aReplicaThatDrainsStopsInGoodOrderAndDoesNotResume() throws Exception {
        startAll();
        Replica replica = replicas.get(2);
        assertTrue(replica.drain());
        replica.close();
        assertEquals(Lifecycle.STOPPED, replica.snapshot().lifecycle());
        assertFalse(replica.resume());
        assertFalse(replica.drain());
        assertEquals(Lifecycle.STOPPED, replica.snapshot().lifecycle());
    }

    @Test
    void aReplicaThatComesBackExecutesItsLogAndCatchesUp() throws Exception {
        startAll();
        order(1, 0);
        assertEquals("1", awaitAnswer(1, 4));
        replicas.get(3).close();
        order(2, 0);
        assertEquals("2", awaitAnswer(2, 3));
        Replica back = start(3);
        assertTrue(back.snapshot().executedSequenceNumber() >= 1);
        awaitEvent("3 executed 2");
        assertEquals(
                replicas.get(0).snapshot().stateDigest(),
                replicas.get(3).snapshot().stateDigest());
        order(1, 3);
        assertEquals("1", awaitAnswer(1, 1));
    }

    @Test
    void anErrorOfTheApplicationFailsTheReplicaOnce() throws Exception {
        startAll();
        order(666, 0);
        Throwable reason = Await.next(fatal);
        assertEquals("on purpose", reason.getMessage());
        for (int i = 1; i < 4; i++) {
            Throwable other = Await.next(fatal);
            assertEquals("on purpose", other.getMessage());
        }
        for (Replica replica : replicas.values()) {
            assertEquals(Lifecycle.FAILED, replica.snapshot().lifecycle());
            replica.close();
            assertEquals(Lifecycle.FAILED, replica.snapshot().lifecycle());
        }
        assertTrue(fatal.isEmpty());
    }

    @Test
    void anotherReplicasIdentityIsRefused() {
        BootstrapException failed = assertThrows(
                BootstrapException.class,
                () -> MonolithicReplica.start(
                        configuration(0, 1), parts(0, network.node(0), TestCluster.replicaKey(1))));
        assertTrue(
                failed.getMessage().startsWith("bootstrap step 1/7 network and reconfiguration failed"),
                failed.getMessage());
        assertTrue(failed.getMessage().contains("identity file"), failed.getMessage());
    }

    @Test
    void aLogThatEndsTooEarlyIsRefused() {
        BootstrapException failed = assertThrows(
                BootstrapException.class,
                () -> MonolithicReplica.start(
                        configuration(0, 8), parts(0, network.node(0), TestCluster.replicaKey(0))));
        assertTrue(failed.getMessage().contains("atlas.next-sequence-number is 8"), failed.getMessage());
    }

    @Test
    void aReplicaThatCannotListenLeavesNothingBehind() throws Exception {
        List<String> before = atlasThreads();
        IOException taken = new IOException("port 7000 is taken");
        ReplicaNetworkNode node = new ReplicaNetworkNode() {
            @Override
            public void start(NetworkListener listener) throws IOException {
                throw taken;
            }

            @Override
            public void setPeers(Roster roster) {}

            @Override
            public boolean sendToReplica(int replicaId, TrafficClass trafficClass, byte[] frame) {
                return false;
            }

            @Override
            public boolean sendToClient(io.atlassmr.api.ClientId clientId, byte[] frame) {
                return false;
            }

            @Override
            public void close() {
                events.add("network closed");
            }
        };
        BootstrapException failed = assertThrows(
                BootstrapException.class,
                () -> MonolithicReplica.start(configuration(0, 1), parts(0, node, TestCluster.replicaKey(0))));
        assertSame(taken, failed.getCause());
        assertEquals("network closed", Await.next(events));
        assertEquals(before, atlasThreads());
    }

    private static List<String> atlasThreads() {
        List<String> names = new ArrayList<>();
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon())
                .map(Thread::getName)
                .filter(name -> name.startsWith("atlas-"))
                .sorted()
                .forEach(names::add);
        return names;
    }
}
