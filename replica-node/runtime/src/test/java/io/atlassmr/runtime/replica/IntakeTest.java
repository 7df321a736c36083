package io.atlassmr.runtime.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.execution.Installation;
import io.atlassmr.runtime.fixture.KeyedDigest;
import io.atlassmr.runtime.fixture.RecordingNetwork;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.atlassmr.runtime.orchestrator.Orchestrator;
import io.atlassmr.runtime.replica.signing.VotesAhead;
import io.atlassmr.runtime.reply.ClientAnswers;
import io.atlassmr.runtime.reply.ReplySender;
import io.atlassmr.runtime.reply.ReplySigning;
import io.atlassmr.wire.v1.Replies;
import io.atlassmr.wire.v1.SignedReplies;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where checked input enters a replica, and what is answered when it does not. */
@Timeout(60)
class IntakeTest {

    private static final ClientId CLIENT = TestCluster.client(1);
    private static final int REQUEST_CAPACITY = 8192;

    private final RecordingNetwork network = new RecordingNetwork();
    private final ReplySigning signing = new ReplySigning("tests", 1, KeyedDigest.signer(TestCluster.replicaKey(1)));
    private final ReplySender replies = new ReplySender(signing, network, _ -> {});
    private final ClientAnswers answers = new ClientAnswers(signing, replies, () -> 5);
    private final Reads reads = new Reads();
    private final Orchestrator orchestrator = new Orchestrator(
            TestCluster.protocol(1, new Time(0, 0)), _ -> {}, () -> new Time(0, 0), ReplicaMetrics.none());
    private final Intake intake = new Intake(
            1,
            orchestrator,
            new VotesAhead(orchestrator::status, orchestrator::completesPrepares, null),
            reads,
            answers,
            null,
            null,
            null,
            ReplicaMetrics.none());

    /** Takes reads while it has room. */
    private static final class Reads implements Executor {
        final List<String> taken = new ArrayList<>();
        boolean room = true;

        @Override
        public void start() {}

        @Override
        public void execute(Decision decision, boolean answered) {}

        @Override
        public void install(Installation installation) {}

        @Override
        public boolean answerAgain(ClientBundle bundle) {
            return room;
        }

        @Override
        public boolean executeUnordered(ClientId clientId, long number, byte[] operation, long atLeast) {
            if (room) {
                taken.add("read " + number + " at " + atLeast);
            }
            return room;
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() {
        replies.start();
    }

    @AfterEach
    void close() throws InterruptedException {
        replies.close();
    }

    /** The next answer as text. */
    private String answer() throws Exception {
        RecordingNetwork.ClientFrame frame = network.awaitClientFrame();
        assertEquals(CLIENT, frame.to());
        Replies read = Replies.parseFrom(SignedReplies.parseFrom(frame.frame()).getPayload());
        assertEquals(5, read.getView());
        List<String> parts = new ArrayList<>();
        read.getRepliesList().forEach(reply -> parts.add(reply.getNumber() + " " + reply.getStatus()));
        return (read.getUnordered() ? "read " : "") + String.join(", ", parts);
    }

    @Test
    void bundlesAndPeersEventsReachTheEventLoop() throws InterruptedException {
        intake.onBundle(TestCluster.bundle(1, 1));
        intake.onPeerEvent(new ProtocolEvent.StatusReceived(2, new PeerStatus(1, 0, 0, false, 0, 1, 0, 0, 0, false)));
        assertEquals(2, orchestrator.depth());
    }

    @Test
    void aClientWhoseBundleFindsNoRoomIsToldSo() throws Exception {
        for (int number = 1; number <= REQUEST_CAPACITY; number++) {
            intake.onBundle(TestCluster.bundle(1, 1));
        }
        intake.onBundle(TestCluster.bundle(1, 7, 9));
        assertEquals("7 OVERLOADED, 9 OVERLOADED", answer());
    }

    @Test
    void aReadNeedsAllThatMayBeCommitted() throws InterruptedException {
        intake.onPeerEvent(new ProtocolEvent.DecisionsReceived(2, List.of(TestCluster.decision(1, Batch.NOOP))));
        assertEquals(true, orchestrator.iterate());
        intake.onUnordered(CLIENT, 4, new byte[0]);
        assertEquals(List.of("read 4 at 1"), reads.taken);
    }

    @Test
    void aReadThatFindsNoRoomIsTurnedAway() throws Exception {
        reads.room = false;
        intake.onUnordered(CLIENT, 4, new byte[0]);
        assertEquals("read 4 OVERLOADED", answer());
    }

    @Test
    void aReplicaThatStopsTurnsClientsAway() throws Exception {
        intake.turnClientsAway(true);
        intake.onBundle(TestCluster.bundle(1, 7));
        assertEquals("7 UNAVAILABLE", answer());
        intake.onUnordered(CLIENT, 4, new byte[0]);
        assertEquals("read 4 UNAVAILABLE", answer());
        assertEquals(0, orchestrator.depth());
    }

    @Test
    void answersOfABundleAreGivenAgainHoweverLarge() throws Exception {
        List<Reply> remembered = new ArrayList<>();
        for (int number = 1; number <= 6; number++) {
            remembered.add(new Reply(number, Reply.Outcome.OK, new byte[1 << 20], 1));
        }
        answers.again(TestCluster.bundle(1, 1, 2, 3, 4, 5, 6), remembered);
        assertEquals("1 OK, 2 OK, 3 OK, 4 OK", answer());
        assertEquals("5 OK, 6 OK", answer());
    }

    @Test
    void nothingRememberedIsNoAnswer() throws Exception {
        answers.again(TestCluster.bundle(1, 1), List.of());
        answers.unordered(CLIENT, new Reply(8, Reply.Outcome.OK, new byte[0], 1));
        assertEquals("read 8 OK", answer());
    }
}
