package io.atlassmr.runtime.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.peer.PeerMemory;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.frame.PeerInput;
import io.atlassmr.runtime.frame.SettledVotes;
import io.atlassmr.runtime.port.TrafficClass;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EffectDispatcherTest {

    private static final int SELF = 0;
    private static final ClientBundle BUNDLE = TestCluster.bundle(1, 1);
    private static final Batch BATCH = TestCluster.batch(1000, BUNDLE);
    private static final Signed<PrePrepare> PROPOSAL = TestCluster.sign(SELF, new PrePrepare(0, 1, BATCH.digest()));
    private static final Signed<Prepare> VOTE = TestCluster.sign(SELF, new Prepare(0, 1, BATCH.digest()));

    private static final PeerStatus STATUS = new PeerStatus(1, 1, 2, true, 0, 1, 0, 3, 0, false);

    private final Done done = new Done();
    private final EffectDispatcher dispatcher =
            new EffectDispatcher(() -> Roster.of(TestCluster.membership()), new SettledVotes(), done, done);

    /** What was asked of the workers and told to the listener, in order; frames as their receivers read them. */
    private static final class Done implements Workers, ReplicaListener {
        final List<Object> all = new ArrayList<>();

        private static List<ProtocolEvent> read(byte[] frame) {
            try {
                return TestCluster.frames().read(SELF, frame) instanceof PeerInput.Events(var events)
                        ? events
                        : List.of();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void broadcast(ProtocolMessage message, Batch batch, long epoch) {
            all.add(List.of("broadcast", message, batch, epoch));
        }

        @Override
        public void send(int to, TrafficClass trafficClass, byte[] frame) {
            all.add(List.of("send", to, trafficClass, read(frame)));
        }

        @Override
        public void sendToAll(TrafficClass trafficClass, byte[] frame) {
            all.add(List.of("send to all", trafficClass, read(frame)));
        }

        @Override
        public void persist(ProtocolEffect.Persist persist) {
            all.add(persist);
        }

        @Override
        public void serveDecisions(int to, long fromSequenceNumber, long toSequenceNumber) {
            all.add(List.of("serve", to, fromSequenceNumber, toSequenceNumber));
        }

        @Override
        public void execute(Decision decision, boolean answered) {
            all.add(List.of("execute", decision, answered));
        }

        @Override
        public void keepCheckpoint(Certificate certificate, long oldestKept) {
            all.add(List.of("keep", certificate, oldestKept));
        }

        @Override
        public void beginTransfer(Certificate certificate, CheckpointHeader header) {
            all.add(List.of("gather", certificate, header));
        }

        @Override
        public long manifestKnownUpTo() {
            return 42;
        }

        @Override
        public void install(long sequenceNumber, long replayTo) {
            all.add(List.of("install", sequenceNumber, replayTo));
        }

        @Override
        public void release(long sequenceNumber) {
            all.add(List.of("release", sequenceNumber));
        }

        @Override
        public void answerAgain(ClientBundle bundle) {
            all.add(List.of("again", bundle));
        }

        @Override
        public void refuse(ClientBundle bundle) {
            all.add(List.of("refuse", bundle));
        }

        @Override
        public void know(Roster roster) {
            all.add(List.of("know", roster));
        }

        @Override
        public void serveEpochs(int to, long fromEpoch) {
            all.add(List.of("serve epochs", to, fromEpoch));
        }

        @Override
        public void onEpochEntered(Epoch epoch) {
            all.add(List.of("enter", epoch));
        }

        @Override
        public void onCommandRefused(SignedCommand command, Refusal refusal) {
            all.add(List.of("refuse command", command, refusal));
        }

        @Override
        public void onViewInstalled(long view, int leader) {
            all.add(List.of("open", view, leader));
        }

        @Override
        public void onViewTransferStarted(long view) {
            all.add(List.of("leave for", view));
        }

        @Override
        public void onCheckpointStable(long sequenceNumber) {
            all.add(List.of("stable", sequenceNumber));
        }

        @Override
        public void onDivergence(long sequenceNumber) {
            all.add(List.of("diverged", sequenceNumber));
        }

        @Override
        public void onPeerDropped(int peer, String why) {
            all.add(List.of("drop", peer, why));
        }

        @Override
        public void onEvidence(int member, String what) {
            all.add(List.of("evidence", member, what));
        }
    }

    private void assertDone(List<ProtocolEffect> effects, Object... expected) {
        dispatcher.dispatch(effects);
        assertEquals(List.of(expected), done.all);
    }

    private static ProtocolEvent received(Signed<?> signed, Batch batch) {
        return new ProtocolEvent.MessageReceived(signed, batch);
    }

    @Test
    void effectsOfAStepAreDoneInTheirOrder() {
        Decision decision = TestCluster.decision(1, BATCH);
        ProtocolEffect.Persist persist = new ProtocolEffect.Persist(7, List.of());
        assertDone(
                List.of(
                        new ProtocolEffect.Broadcast(PROPOSAL.message(), BATCH, 3),
                        new ProtocolEffect.Deliver(decision, true),
                        new ProtocolEffect.Release(1),
                        persist,
                        new ProtocolEffect.AnswerAgain(BUNDLE),
                        new ProtocolEffect.Refuse(BUNDLE),
                        new ProtocolEffect.ServeDecisions(2, 3, 4)),
                List.of("broadcast", PROPOSAL.message(), BATCH, 3L),
                List.of("execute", decision, true),
                List.of("release", 1L),
                persist,
                List.of("again", BUNDLE),
                List.of("refuse", BUNDLE),
                List.of("serve", 2, 3L, 4L));
    }

    @Test
    void anOperatorIsToldOfViewsAndEvidence() {
        assertDone(
                List.of(
                        new ProtocolEffect.ViewTransferStarted(4),
                        new ProtocolEffect.ViewInstalled(4, 2),
                        new ProtocolEffect.ReportEvidence(3, "lied")),
                List.of("leave for", 4L),
                List.of("open", 4L, 2),
                List.of("evidence", 3, "lied"));
    }

    @Test
    void helpGoesInFramesOfForwardedMessages() {
        assertDone(
                List.of(new ProtocolEffect.SendMessages(2, List.of(VOTE), List.of(BATCH))),
                List.of(
                        "send",
                        2,
                        TrafficClass.PROTOCOL,
                        List.of(received(VOTE, null), new ProtocolEvent.BatchReceived(BATCH))));
    }

    @Test
    void repeatsGoToAllProposalsWithTheirBodies() {
        assertDone(
                List.of(new ProtocolEffect.Resend(List.of(PROPOSAL, VOTE), List.of(BATCH))),
                List.of("send to all", TrafficClass.PROTOCOL, List.of(received(PROPOSAL, BATCH))),
                List.of("send to all", TrafficClass.PROTOCOL, List.of(received(VOTE, null))));
    }

    @Test
    void aProposalWithoutItsBodyIsABrokenInvariant() {
        assertThrows(
                IllegalStateException.class,
                () -> dispatcher.dispatch(List.of(new ProtocolEffect.Resend(List.of(PROPOSAL), List.of()))));
    }

    @Test
    void questionsAndReportsGoInTheirClasses() {
        assertDone(
                List.of(
                        new ProtocolEffect.SendStatus(STATUS),
                        new ProtocolEffect.RequestInstances(2, 1, 3, 4),
                        new ProtocolEffect.RequestDecisions(2, 3, 4)),
                List.of("send to all", TrafficClass.PROTOCOL, List.of(new ProtocolEvent.StatusReceived(SELF, STATUS))),
                List.of("send", 2, TrafficClass.PROTOCOL, List.of(new ProtocolEvent.InstancesRequested(SELF, 1, 3, 4))),
                List.of(
                        "send",
                        2,
                        TrafficClass.STATE_TRANSFER,
                        List.of(new ProtocolEvent.DecisionsRequested(SELF, 3, 4))));
    }

    @Test
    void questionsAboutMemoryAndAnswersGoWithAgreement() {
        PeerMemory memory = new PeerMemory(77, 4, null, null);
        assertDone(
                List.of(new ProtocolEffect.AskMemory(77, 1), new ProtocolEffect.TellMemory(2, memory)),
                List.of("send to all", TrafficClass.PROTOCOL, List.of(new ProtocolEvent.MemoryAsked(SELF, 77, 1))),
                List.of("send", 2, TrafficClass.PROTOCOL, List.of(new ProtocolEvent.MemoryTold(SELF, memory))));
    }

    @Test
    void requestsAreForwardedInTheirClass() {
        assertDone(
                List.of(new ProtocolEffect.Forward(2, List.of(BUNDLE))),
                List.of("send", 2, TrafficClass.APPLICATION, List.of(new ProtocolEvent.BundleReceived(BUNDLE, SELF))));
    }
}
