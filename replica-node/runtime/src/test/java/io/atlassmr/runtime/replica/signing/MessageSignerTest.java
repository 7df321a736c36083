package io.atlassmr.runtime.replica.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MessageSignerTest {

    private final RecordingNetwork network = new RecordingNetwork();
    private final BlockingQueue<ProtocolEvent> own = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();

    private MessageSigner signer(Signer identity) {
        MessageSigner signer = new MessageSigner(
                "tests",
                2,
                () -> Roster.of(TestCluster.membership()),
                ReplicaKeys.of(identity),
                network,
                own::add,
                fatal::add);
        signer.start();
        return signer;
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
