package io.atlassmr.runtime.replica.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.replica.ReplicaProtocol;
import io.atlassmr.runtime.fixture.KeyedDigest;
import io.atlassmr.runtime.fixture.RecordingNetwork;
import io.atlassmr.runtime.fixture.TestCluster;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What replica 1 of four, in view 0, has signed before it is asked to say it. */
class VotesAheadTest {

    private final Batch batch = TestCluster.batch(1000, TestCluster.bundle(2, 1));
    private final RecordingNetwork network = new RecordingNetwork();
    private final List<ProtocolEvent> own = new ArrayList<>();
    private final MessageSigner signer = new MessageSigner(
            "tests",
            1,
            () -> Roster.of(TestCluster.membership()),
            () -> 1,
            ReplicaKeys.of(KeyedDigest.signer(TestCluster.replicaKey(1))),
            network,
            new MessageSigner.Own() {
                @Override
                public void onOwnMessage(ProtocolEvent event) {
                    throw new AssertionError("the signer's thread does not run");
                }

                @Override
                public boolean offerOwnMessage(ProtocolEvent event) {
                    return own.add(event);
                }
            },
            reason -> {
                throw new AssertionError(reason);
            });
    private final ReplicaProtocol replica = TestCluster.protocol(1, new Time(0, 1000));
    private boolean completes;
    private final VotesAhead ahead = new VotesAhead(replica::status, _ -> completes, signer);

    private void foresee(ProtocolMessage message, Batch body) {
        ahead.foresee(new ProtocolEvent.MessageReceived(TestCluster.sign(0, message), body));
    }

    /** What leaves at once when it is submitted was signed before. */
    private boolean wasSigned(ProtocolMessage vote) {
        signer.submit(vote, null, 1);
        return own.contains(new ProtocolEvent.MessageReceived(TestCluster.sign(1, vote), null));
    }

    @Test
    void aProposalCallsForAPrepare() {
        foresee(new PrePrepare(0, 1, batch.digest()), batch);
        assertEquals(0, network.waitingPeerFrames());
        assertTrue(wasSigned(new Prepare(0, 1, batch.digest())));
        assertEquals(3, network.waitingPeerFrames());
    }

    @Test
    void aProposalOfAnotherViewCallsForNothing() {
        foresee(new PrePrepare(4, 1, batch.digest()), batch);
        assertFalse(wasSigned(new Prepare(4, 1, batch.digest())));
    }

    @Test
    void theLastPrepareThatIsMissingCallsForACommit() {
        completes = true;
        foresee(new Prepare(0, 1, batch.digest()), null);
        assertTrue(wasSigned(new Commit(0, 1, batch.digest())));
    }

    @Test
    void anyOtherPrepareCallsForNothing() {
        foresee(new Prepare(0, 1, batch.digest()), null);
        assertFalse(wasSigned(new Commit(0, 1, batch.digest())));
    }

    @Test
    void aCommitCallsForNothing() {
        completes = true;
        foresee(new Commit(0, 1, batch.digest()), null);
        assertFalse(wasSigned(new Commit(0, 1, batch.digest())));
    }
}
