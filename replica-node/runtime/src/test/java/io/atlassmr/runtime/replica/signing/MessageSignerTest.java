package io.atlassmr.runtime.replica.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Vote;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.KeyedDigest;
import io.atlassmr.runtime.fixture.RecordingNetwork;
import io.atlassmr.runtime.fixture.RecordingNetwork.PeerFrame;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.frame.PeerInput;
import io.atlassmr.runtime.port.TrafficClass;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MessageSignerTest {

    private final RecordingNetwork network = new RecordingNetwork();
    private final BlockingQueue<ProtocolEvent> own = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();
    private final AtomicInteger signatures = new AtomicInteger();
    private volatile boolean hasRoom = true;
    private volatile long epoch = 1;

    private final class Own implements MessageSigner.Own {
        @Override
        public void onOwnMessage(ProtocolEvent event) {
            own.add(event);
        }

        @Override
        public boolean offerOwnMessage(ProtocolEvent event) {
            return hasRoom && own.add(event);
        }
    }

    /** Counts what it signs. */
    private Signer counting() {
        Signer identity = KeyedDigest.signer(TestCluster.replicaKey(2));
        return new Signer() {
            @Override
            public byte[] publicKey() {
                return identity.publicKey();
            }

            @Override
            public byte[] sign(byte[] message) {
                signatures.incrementAndGet();
                return identity.sign(message);
            }
        };
    }

    private MessageSigner signer(Signer identity) {
        MessageSigner signer = unstarted(identity);
        signer.start();
        return signer;
    }

    private MessageSigner unstarted(Signer identity) {
        return new MessageSigner(
                "tests",
                2,
                () -> Roster.of(TestCluster.membership()),
                () -> epoch,
                ReplicaKeys.of(identity),
                network,
                new Own(),
                fatal::add);
    }

    @Test
    void messagesAreSignedSentToAllOthersAndComeBackInOrder() throws Exception {
        MessageSigner signer = signer(KeyedDigest.signer(TestCluster.replicaKey(2)));
        Batch batch = TestCluster.batch(1000, TestCluster.bundle(1, 1));
        PrePrepare proposal = new PrePrepare(2, 1, batch.digest());
        Prepare vote = new Prepare(2, 1, batch.digest());
        signer.submit(proposal, batch, 1);
        signer.submit(vote, null, 1);
        ProtocolEvent first = new ProtocolEvent.MessageReceived(TestCluster.sign(2, proposal), batch);
        ProtocolEvent second = new ProtocolEvent.MessageReceived(TestCluster.sign(2, vote), null);
        for (ProtocolEvent expected : List.of(first, second)) {
            List<Integer> receivers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                PeerFrame sent = network.awaitPeerFrame();
                receivers.add(sent.to());
                assertEquals(TrafficClass.PROTOCOL, sent.trafficClass());
                assertEquals(
                        new PeerInput.Events(List.of(expected)),
                        TestCluster.frames().read(2, sent.frame()));
            }
            assertEquals(List.of(0, 1, 3), receivers);
            assertEquals(expected, Await.next(own));
        }
        signer.close();
    }

    private static LogRecord prepareRecord(Batch batch) {
        return new LogRecord.PrepareRecord(2, 1, batch, null);
    }

    @Test
    void aVoteThatWasSignedWhileItWasWrittenLeavesOnTheThreadThatSubmitsIt() throws Exception {
        MessageSigner signer = unstarted(counting());
        Batch batch = TestCluster.batch(1000, TestCluster.bundle(1, 1));
        Prepare prepare = new Prepare(2, 1, batch.digest());
        Commit commit = new Commit(2, 1, batch.digest());
        signer.signAhead(List.of(
                prepareRecord(batch),
                new LogRecord.CommitRecord(new Certificate(2, 1, batch.digest(), List.of()), batch)));
        assertEquals(0, network.waitingPeerFrames());
        signer.submit(prepare, null, 1);
        signer.submit(commit, null, 1);
        for (Vote vote : List.of(prepare, commit)) {
            ProtocolEvent expected = new ProtocolEvent.MessageReceived(TestCluster.sign(2, vote), null);
            for (int to : new int[] {0, 1, 3}) {
                PeerFrame sent = network.awaitPeerFrame();
                assertEquals(to, sent.to());
                assertEquals(
                        new PeerInput.Events(List.of(expected)),
                        TestCluster.frames().read(2, sent.frame()));
            }
            assertEquals(expected, own.remove());
        }
        assertEquals(2, signatures.get());
    }

    @Test
    void aVoteThatIsForeseenIsNotSignedAgainWhenItIsWritten() throws Exception {
        MessageSigner signer = unstarted(counting());
        Batch batch = TestCluster.batch(1000, TestCluster.bundle(1, 1));
        signer.signAhead(new Prepare(2, 1, batch.digest()), 1);
        signer.signAhead(List.of(prepareRecord(batch)));
        assertEquals(1, signatures.get());
    }

    @Test
    void aVoteSignedAheadDoesNotOvertakeWhatWaits() throws Exception {
        MessageSigner signer = unstarted(counting());
        Batch batch = TestCluster.batch(1000, TestCluster.bundle(1, 1));
        PrePrepare proposal = new PrePrepare(2, 2, batch.digest());
        Prepare vote = new Prepare(2, 1, batch.digest());
        signer.signAhead(List.of(prepareRecord(batch)));
        signer.submit(proposal, batch, 1);
        signer.submit(vote, null, 1);
        assertEquals(0, network.waitingPeerFrames());
        signer.start();
        assertEquals(new ProtocolEvent.MessageReceived(TestCluster.sign(2, proposal), batch), Await.next(own));
        assertEquals(new ProtocolEvent.MessageReceived(TestCluster.sign(2, vote), null), Await.next(own));
        signer.close();
    }

    @Test
    void aVoteSignedAheadForAnotherEpochViewOrBatchIsNotSent() throws Exception {
        MessageSigner signer = signer(counting());
        Batch batch = TestCluster.batch(1000, TestCluster.bundle(1, 1));
        epoch = 2;
        signer.signAhead(List.of(prepareRecord(batch)));
        epoch = 1;
        signer.signAhead(List.of(new LogRecord.PrepareRecord(2, 2, batch, null)));
        List<Prepare> votes = List.of(
                new Prepare(2, 1, batch.digest()), new Prepare(3, 2, batch.digest()), new Prepare(2, 2, Digest.ZERO));
        for (Prepare vote : votes) {
            signer.submit(vote, null, 1);
            assertEquals(new ProtocolEvent.MessageReceived(TestCluster.sign(2, vote), null), Await.next(own));
        }
        signer.close();
    }

    @Test
    void aVoteSignedAheadThatFindsNoRoomAtHomeTakesTheSignersThread() throws Exception {
        hasRoom = false;
        MessageSigner signer = unstarted(counting());
        Batch batch = TestCluster.batch(1000, TestCluster.bundle(1, 1));
        signer.signAhead(List.of(prepareRecord(batch)));
        Prepare vote = new Prepare(2, 1, batch.digest());
        signer.submit(vote, null, 1);
        assertEquals(0, network.waitingPeerFrames());
        signer.start();
        assertEquals(new ProtocolEvent.MessageReceived(TestCluster.sign(2, vote), null), Await.next(own));
        signer.close();
    }

    @Test
    void aKeyThatFailsIsFatal() throws InterruptedException {
        Error reason = new UnsatisfiedLinkError("no native library");
        MessageSigner signer = signer(new Signer() {
            @Override
            public byte[] publicKey() {
                return TestCluster.replicaKey(2);
            }

            @Override
            public byte[] sign(byte[] message) {
                throw reason;
            }
        });
        signer.submit(new Prepare(0, 1, Digest.ZERO), null, 1);
        assertSame(reason, Await.next(fatal));
        signer.close();
    }
}
