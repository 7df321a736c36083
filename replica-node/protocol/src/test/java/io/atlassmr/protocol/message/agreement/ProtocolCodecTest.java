package io.atlassmr.protocol.message.agreement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.wire.v1.SignedProtocolMessage;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ProtocolCodecTest {

    private static final Digest DIGEST = Bundles.batch(1, 1).digest();

    @Provide
    static Arbitrary<Signed<ProtocolMessage>> messages() {
        return Messages.signed(Messages.any());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void whatWasEncodedIsDecoded(@ForAll("messages") Signed<ProtocolMessage> signed) throws Exception {
        byte[] bytes = ProtocolCodec.encode(signed).toByteArray();
        assertEquals(signed, ProtocolCodec.decode(SignedProtocolMessage.parseFrom(bytes)));
    }

    @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
    void damagedBytesAreMalformedOrAnotherMessage(
            @ForAll("messages") Signed<ProtocolMessage> signed, @ForAll long seed) {
        byte[] bytes = ProtocolCodec.encode(signed).toByteArray();
        Random random = new Random(seed);
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        decodeAnything(bytes);
    }

    @Property(tries = 5000)
    void noBytesBreakTheDecoder(@ForAll byte[] bytes) {
        decodeAnything(bytes);
    }

    private static void decodeAnything(byte[] bytes) {
        try {
            Signed<?> decoded = ProtocolCodec.decode(SignedProtocolMessage.parseFrom(bytes));
            assertEquals(decoded, ProtocolCodec.decode(ProtocolCodec.encode(decoded)));
        } catch (MalformedMessageException | InvalidProtocolBufferException _) {
            // Refused, as it should be.
        }
    }

    private static void assertMalformed(SignedProtocolMessage.Builder message) {
        assertThrows(MalformedMessageException.class, () -> ProtocolCodec.decode(message.build()));
    }

    private static SignedProtocolMessage.Builder encoded(ProtocolMessage message) {
        return ProtocolCodec.encode(Members.of(4).sign(1, message)).toBuilder();
    }

    @Test
    void aMessageHasABody() {
        assertMalformed(encoded(new Suspect(0, false)).clearSuspect());
    }

    @Test
    void numbersAreNotNegative() {
        assertMalformed(encoded(new Suspect(0, false)).setSigner(-1));
        assertMalformed(encoded(new Suspect(0, false)).setEpoch(-1));
        SignedProtocolMessage.Builder suspect = encoded(new Suspect(0, false));
        suspect.getSuspectBuilder().setView(-1);
        assertMalformed(suspect);
        SignedProtocolMessage.Builder viewChange = encoded(new ViewChange(1, 0, List.of(), List.of()));
        viewChange.getViewChangeBuilder().setLastDecided(-1);
        assertMalformed(viewChange);
    }

    @Test
    void sequenceNumbersStartFromOne() {
        SignedProtocolMessage.Builder prePrepare = encoded(new PrePrepare(0, 1, DIGEST));
        prePrepare.getPrePrepareBuilder().setSequenceNumber(0);
        assertMalformed(prePrepare);
        SignedProtocolMessage.Builder prepare = encoded(new Prepare(0, 1, DIGEST));
        prepare.getPrepareBuilder().setSequenceNumber(0);
        assertMalformed(prepare);
        SignedProtocolMessage.Builder commit = encoded(new Commit(0, 1, DIGEST));
        commit.getCommitBuilder().setSequenceNumber(-1);
        assertMalformed(commit);
    }

    @Test
    void digestsHave32Bytes() {
        SignedProtocolMessage.Builder prepare = encoded(new Prepare(0, 1, DIGEST));
        prepare.getPrepareBuilder().setDigest(ByteString.copyFrom(new byte[31]));
        assertMalformed(prepare);
        prepare.getPrepareBuilder().clearDigest();
        assertMalformed(prepare);
    }

    @Test
    void signaturesHaveAtMost64Bytes() {
        assertMalformed(encoded(new Suspect(0, false)).setSignature(ByteString.copyFrom(new byte[65])));
    }

    @Test
    void aCertificateHasAtMostOneVoteOfEachMember() throws MalformedMessageException {
        Certificate certificate = Members.of(4).prepared(0, 1, DIGEST);
        SignedProtocolMessage.Builder message = encoded(new ViewChange(1, 0, List.of(), List.of(certificate)));
        var votes = message.getViewChangeBuilder().getPreparedBuilder(0);
        while (votes.getSignaturesCount() < Membership.MAX_MEMBERS) {
            votes.addSignatures(votes.getSignatures(0));
        }
        assertEquals(
                Membership.MAX_MEMBERS,
                ProtocolCodec.decode(votes.build()).signatures().size());
        votes.addSignatures(votes.getSignatures(0));
        assertMalformed(message);
    }

    @Test
    void aViewChangeHasABoundedNumberOfCertificates() {
        Certificate certificate = new Certificate(0, 1, DIGEST, List.of());
        SignedProtocolMessage.Builder message = encoded(new ViewChange(1, 0, List.of(), List.of()));
        for (int i = 0; i <= ProtocolCodec.MAX_CERTIFICATES; i++) {
            message.getViewChangeBuilder().addDecided(ProtocolCodec.encode(certificate));
        }
        assertMalformed(message);
    }

    @Test
    void aNewViewHoldsViewChangesAlone() {
        SignedProtocolMessage.Builder message = encoded(new NewView(1, List.of()));
        message.getNewViewBuilder().addViewChanges(encoded(new Suspect(0, false)));
        assertMalformed(message);
    }

    @Test
    void aNewViewHasAtMostOneViewChangeOfEachMember() {
        SignedProtocolMessage.Builder message = encoded(new NewView(1, List.of()));
        for (int i = 0; i <= Membership.MAX_MEMBERS; i++) {
            message.getNewViewBuilder().addViewChanges(encoded(new ViewChange(1, 0, List.of(), List.of())));
        }
        assertMalformed(message);
    }

    @Test
    void aDecisionIsDecodedWithItsBatch() throws MalformedMessageException {
        Batch batch = Bundles.batch(1, 1);
        Decision decision = new Decision(Members.of(4).committed(0, 1, DIGEST), batch);
        assertEquals(decision, ProtocolCodec.decode(ProtocolCodec.encode(decision)));
    }
}
