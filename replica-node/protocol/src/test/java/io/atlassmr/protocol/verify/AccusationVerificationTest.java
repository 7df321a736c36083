package io.atlassmr.protocol.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.fixture.KeyedDigest;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** For which accusations a member votes: for those that prove themselves, by the members of their epoch. */
class AccusationVerificationTest {

    private static final Members MEMBERS = Members.of(4);
    private static final Digest A = Sha256.of(new byte[] {1});
    private static final Digest B = Sha256.of(new byte[] {2});

    private final MessageVerifier verifier = new MessageVerifier(
            () -> Roster.of(MEMBERS.membership()),
            32,
            new KeyedDigest(),
            new BundleVerifier("tests", new KeyedDigest(), 16));

    private static byte[] conflict(Signed<? extends ProtocolMessage> one, Signed<? extends ProtocolMessage> other) {
        return EvidenceCodec.encode(new Proof("tests", Misdeed.Conflict.of(one, other)));
    }

    private static byte[] twoPrepares(int accused) {
        return conflict(MEMBERS.sign(accused, new Prepare(0, 1, A)), MEMBERS.sign(accused, new Prepare(0, 1, B)));
    }

    private static SignedCommand accusation(long epoch, int accused, byte[] proof) {
        return CommandCodec.accuse(epoch, new Command.Accuse(accused, proof));
    }

    private Reason refused(SignedCommand accusation) {
        RejectedMessageException alone =
                assertThrows(RejectedMessageException.class, () -> verifier.verify(accusation));
        RejectedMessageException inABatch = assertThrows(
                RejectedMessageException.class,
                () -> verifier.verify(BatchCodec.encode(0, false, List.of(), List.of(accusation))));
        assertEquals(alone.reason(), inABatch.reason());
        return alone.reason();
    }

    @Test
    void aProofOfALieCounts() throws RejectedMessageException {
        SignedCommand accusation = accusation(1, 2, twoPrepares(2));
        verifier.verify(accusation);
        verifier.verify(BatchCodec.encode(0, false, List.of(), List.of(accusation)));
    }

    @Test
    void aProofAgainstAnotherDoesNot() {
        assertEquals(Reason.BAD_EVIDENCE, refused(accusation(1, 3, twoPrepares(2))));
    }

    @Test
    void aProofOfAnotherEpochDoesNot() {
        Members second = Members.of("tests", 2, 4);
        byte[] proof = conflict(second.sign(2, new Prepare(0, 1, A)), second.sign(2, new Prepare(0, 1, B)));
        assertEquals(Reason.BAD_EVIDENCE, refused(accusation(1, 2, proof)));
        assertEquals(Reason.WRONG_EPOCH, refused(accusation(2, 2, proof)));
    }

    @Test
    void aFaultMayBeHonest() {
        byte[] proof = conflict(MEMBERS.sign(2, new CheckpointVote(8, A)), MEMBERS.sign(2, new CheckpointVote(8, B)));
        assertEquals(Reason.BAD_EVIDENCE, refused(accusation(1, 2, proof)));
    }

    @Test
    void whatProvesNothingDoesNotCount() {
        Signed<Prepare> signed = MEMBERS.sign(2, new Prepare(0, 1, A));
        Signed<Prepare> forged = new Signed<>(new Prepare(0, 1, B), 2, 1, signed.signature());
        assertEquals(Reason.BAD_EVIDENCE, refused(accusation(1, 2, conflict(signed, forged))));
        assertEquals(Reason.BAD_EVIDENCE, refused(accusation(1, 2, conflict(signed, signed))));
        assertEquals(
                Reason.BAD_EVIDENCE,
                refused(accusation(
                        1,
                        2,
                        conflict(MEMBERS.sign(2, new Suspect(1, false)), MEMBERS.sign(2, new Suspect(2, false))))));
        assertEquals(Reason.BAD_EVIDENCE, refused(accusation(1, 2, new byte[0])));
        assertEquals(Reason.BAD_EVIDENCE, refused(accusation(1, 2, new byte[] {1, 2, 3})));
    }
}
