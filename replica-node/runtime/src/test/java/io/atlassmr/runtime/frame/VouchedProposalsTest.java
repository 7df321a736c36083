package io.atlassmr.runtime.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.ProtocolEvent.MessageReceived;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.frame.VouchedProposals.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Replica 3 of four, in view 0, which 0 leads: with 0, replica 1 checks what is at 3, 6, 9, replica 2 what is at 1, 4, 7, and 3 the rest. */
class VouchedProposalsTest {

    private static final long TURN_OF_1 = 3;
    private static final long TURN_OF_2 = 1;
    private static final long TURN_OF_3 = 2;
    private static final Batch BATCH = TestCluster.batch(1000, TestCluster.bundle(1, 1), TestCluster.bundle(2, 1));
    private static final Batch SMALL = TestCluster.batch(1000, TestCluster.bundle(1, 1));
    private static final Batch OTHER = TestCluster.batch(1000, TestCluster.bundle(5, 1), TestCluster.bundle(6, 1));
    private static final Batch FORGED =
            TestCluster.batch(1000, TestCluster.bundle(1, 1), forged(TestCluster.bundle(2, 1)));

    private final PeerFrameReader frames = framesLeaving(2);

    private static PeerFrameReader framesLeaving(int signatures) {
        return TestCluster.frames(new SettledVotes(), TestCluster.vouched(signatures));
    }

    private static ClientBundle forged(ClientBundle bundle) {
        return new ClientBundle(
                bundle.digest(),
                bundle.clientId(),
                bundle.signedAtMillis(),
                bundle.answeredBelow(),
                bundle.requests(),
                bundle.payload(),
                new byte[64]);
    }

    private static MessageReceived proposal(long sequenceNumber, Batch batch) {
        return new MessageReceived(TestCluster.sign(0, new PrePrepare(0, sequenceNumber, batch.digest())), batch);
    }

    private static MessageReceived prepare(int signer, long sequenceNumber, Batch batch) {
        return new MessageReceived(TestCluster.sign(signer, new Prepare(0, sequenceNumber, batch.digest())), null);
    }

    private PeerInput propose(long sequenceNumber, Batch batch) throws Exception {
        return frames.read(0, PeerFrames.message(proposal(sequenceNumber, batch).signed(), batch));
    }

    private PeerInput prepared(int signer, long sequenceNumber, Batch batch) throws Exception {
        return frames.read(
                signer,
                PeerFrames.message(prepare(signer, sequenceNumber, batch).signed(), null));
    }

    private static PeerInput passed(MessageReceived... messages) {
        return new PeerInput.Events(List.<ProtocolEvent>of(messages));
    }

    private static PeerInput kept(MessageReceived proposal) {
        return new PeerInput.Kept(proposal);
    }

    @Test
    void aProposalPassesOnceOneMoreThanMayLieHavePreparedIt() throws Exception {
        assertEquals(kept(proposal(TURN_OF_2, BATCH)), propose(TURN_OF_2, BATCH));
        assertEquals(passed(prepare(0, TURN_OF_2, BATCH)), prepared(0, TURN_OF_2, BATCH));
        assertEquals(passed(proposal(TURN_OF_2, BATCH), prepare(2, TURN_OF_2, BATCH)), prepared(2, TURN_OF_2, BATCH));
        assertEquals(passed(prepare(1, TURN_OF_2, BATCH)), prepared(1, TURN_OF_2, BATCH));
    }

    @Test
    void aMemberVouchesOnce() throws Exception {
        propose(TURN_OF_1, BATCH);
        assertEquals(passed(prepare(0, TURN_OF_1, BATCH)), prepared(0, TURN_OF_1, BATCH));
        assertEquals(passed(prepare(0, TURN_OF_1, BATCH)), prepared(0, TURN_OF_1, BATCH));
        assertEquals(passed(proposal(TURN_OF_1, BATCH), prepare(1, TURN_OF_1, BATCH)), prepared(1, TURN_OF_1, BATCH));
    }

    @Test
    void theLeaderVouchesByProposing() throws Exception {
        propose(TURN_OF_2, BATCH);
        assertEquals(passed(proposal(TURN_OF_2, BATCH), prepare(2, TURN_OF_2, BATCH)), prepared(2, TURN_OF_2, BATCH));
    }

    @Test
    void whatIsPreparedElsewhereOrOfAnotherBatchVouchesForNothingHere() throws Exception {
        propose(TURN_OF_2, BATCH);
        prepared(0, TURN_OF_2, BATCH);
        assertEquals(passed(prepare(2, TURN_OF_2, OTHER)), prepared(2, TURN_OF_2, OTHER));
        assertEquals(passed(prepare(2, TURN_OF_1, BATCH)), prepared(2, TURN_OF_1, BATCH));
        MessageReceived later =
                new MessageReceived(TestCluster.sign(2, new Prepare(4, TURN_OF_2, BATCH.digest())), null);
        assertEquals(passed(later), frames.read(2, PeerFrames.message(later.signed(), null)));
    }

    @Test
    void prepareMayComeBeforeTheProposalWhichIsNotCheckedThen() throws Exception {
        prepared(2, TURN_OF_2, FORGED);
        assertEquals(passed(proposal(TURN_OF_2, FORGED)), propose(TURN_OF_2, FORGED));
    }

    @Test
    void whoseTurnItIsChecksAtOnce() throws Exception {
        assertEquals(passed(proposal(TURN_OF_3, BATCH)), propose(TURN_OF_3, BATCH));
        assertThrows(RejectedMessageException.class, () -> propose(TURN_OF_3 + 3, FORGED));
    }

    @Test
    void fewSignaturesAreCheckedAtOnce() throws Exception {
        assertEquals(passed(proposal(TURN_OF_2, SMALL)), propose(TURN_OF_2, SMALL));
    }

    @Test
    void signaturesThatWereCheckedBeforeDoNotCount() throws Exception {
        propose(TURN_OF_3, BATCH);
        assertEquals(passed(proposal(TURN_OF_2, BATCH)), propose(TURN_OF_2, BATCH));
    }

    @Test
    void withoutVouchingAllIsCheckedAtOnce() throws Exception {
        PeerFrameReader all = framesLeaving(0);
        assertThrows(
                RejectedMessageException.class,
                () -> all.read(0, PeerFrames.message(proposal(TURN_OF_2, FORGED).signed(), FORGED)));
    }

    @Test
    void whatNobodyVouchesForIsCheckedAfterAll() throws Exception {
        propose(TURN_OF_1, BATCH);
        propose(TURN_OF_2, FORGED);
        assertEquals(passed(proposal(TURN_OF_1, BATCH)), frames.check(proposal(TURN_OF_1, BATCH)));
        assertThrows(RejectedMessageException.class, () -> frames.check(proposal(TURN_OF_2, FORGED)));
        assertEquals(passed(), frames.check(proposal(TURN_OF_2, FORGED)));
    }

    @Test
    void whatWasVouchedForIsNotCheckedAgain() throws Exception {
        propose(TURN_OF_2, BATCH);
        prepared(0, TURN_OF_2, BATCH);
        prepared(2, TURN_OF_2, BATCH);
        assertEquals(passed(), frames.check(proposal(TURN_OF_2, BATCH)));
    }

    @Test
    void whoOwesAVoucherIsNotReliedOnForAWhile() throws Exception {
        propose(TURN_OF_2, BATCH);
        prepared(0, TURN_OF_2, BATCH);
        frames.check(proposal(TURN_OF_2, BATCH));

        assertEquals(kept(proposal(TURN_OF_1, OTHER)), propose(TURN_OF_1, OTHER));
        long place = TURN_OF_2;
        for (int i = 0; i < 256; i++) {
            place += 3;
            Batch batch = TestCluster.batch(1000, TestCluster.bundle(1, 10 + i), TestCluster.bundle(2, 10 + i));
            assertInstanceOf(PeerInput.Events.class, propose(place, batch), "at " + place);
        }
        assertEquals(kept(proposal(place + 3, OTHER)), propose(place + 3, OTHER));
    }

    /** Leaves proposals to others as replica 6, of four members up to 50, and of seven from there on. */
    private static VouchedProposals grownTo7() {
        List<Member> members = new ArrayList<>(TestCluster.membership().members());
        for (int id = 4; id < 7; id++) {
            members.add(new Member(id, TestCluster.replicaKey(id), "replica-" + id, 7000, 7001));
        }
        EpochHistory epochs =
                EpochHistory.of(TestCluster.membership()).plus(new Epoch(Membership.of("tests", 2, members), 50));
        Roster roster = new Roster(epochs, 2, new TreeMap<>(), members);
        return new VouchedProposals(() -> roster, 6, each -> each.quorum().oneHonest(), 2);
    }

    private static MessageReceived proposalInEpoch(long epoch, long sequenceNumber, Batch batch) {
        return new MessageReceived(
                new Signed<>(new PrePrepare(0, sequenceNumber, batch.digest()), 0, epoch, new byte[64]), batch);
    }

    private static Signed<Prepare> prepareInEpoch(long epoch, int signer, long sequenceNumber) {
        return new Signed<>(new Prepare(0, sequenceNumber, BATCH.digest()), signer, epoch, new byte[64]);
    }

    @Test
    void enoughIsOneMoreThanMayLieInTheEpochOfTheProposal() {
        VouchedProposals vouched = grownTo7();
        MessageReceived first = proposalInEpoch(1, 49, BATCH);
        assertEquals(Standing.KEPT, vouched.keep(first, 2));
        assertEquals(Optional.empty(), vouched.prepared(prepareInEpoch(1, 0, 49)));
        assertEquals(Optional.of(first), vouched.prepared(prepareInEpoch(1, 2, 49)));

        MessageReceived second = proposalInEpoch(2, 60, BATCH);
        assertEquals(Standing.KEPT, vouched.keep(second, 2));
        assertEquals(Optional.empty(), vouched.prepared(prepareInEpoch(2, 0, 60)));
        assertEquals(Optional.empty(), vouched.prepared(prepareInEpoch(2, 4, 60)));
        assertEquals(Optional.of(second), vouched.prepared(prepareInEpoch(2, 5, 60)));
    }

    @Test
    void whatIsPreparedInAnotherEpochVouchesForNothing() {
        VouchedProposals vouched = grownTo7();
        assertEquals(Standing.KEPT, vouched.keep(proposalInEpoch(2, 60, BATCH), 2));
        for (int signer = 0; signer < 4; signer++) {
            assertEquals(Optional.empty(), vouched.prepared(prepareInEpoch(1, signer, 60)));
        }
    }

    @Test
    void whatIsOfAnEpochThatIsNotKnownIsLeftToNobody() {
        VouchedProposals vouched = grownTo7();
        assertEquals(Standing.UNCHECKED, vouched.keep(proposalInEpoch(3, 60, BATCH), 2));
        assertEquals(Optional.empty(), vouched.prepared(prepareInEpoch(3, 0, 60)));
    }

    @Test
    void commandsAreLeftToNobody() throws Exception {
        byte[] payload = CommandCodec.payload(PublicKey.of(TestCluster.replicaKey(2)), 1, 1, new Command.Leave(2));
        SignedCommand forged = CommandCodec.decode(io.atlassmr.wire.v1.SignedCommand.newBuilder()
                .setPayload(ByteString.copyFrom(payload))
                .setSignature(ByteString.copyFrom(new byte[64]))
                .build());
        Batch batch = BatchCodec.encode(1000, false, BATCH.bundles(), List.of(forged));
        assertThrows(RejectedMessageException.class, () -> propose(TURN_OF_2, batch));
    }

    @Test
    void whatIsKeptIsBounded() throws Exception {
        int keptProposals = 0;
        for (long i = 0; i < 300; i++) {
            Batch batch = TestCluster.batch(1000, TestCluster.bundle(1, 10 + i), TestCluster.bundle(2, 10 + i));
            keptProposals += propose(TURN_OF_2 + 3 * i, batch) instanceof PeerInput.Kept ? 1 : 0;
        }
        assertEquals(256, keptProposals);
    }
}
