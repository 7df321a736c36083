package io.atlassmr.runtime.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.evidence.EvidenceEvent;
import io.atlassmr.protocol.evidence.KnownProof;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.evidence.Severity;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.wire.v1.EvidenceMessage;
import io.atlassmr.wire.v1.PeerMessage;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvidenceFramesTest {

    private static final Digest A = Sha256.of(new byte[] {1});
    private static final Digest B = Sha256.of(new byte[] {2});

    private final PeerFrameReader frames = TestCluster.frames();

    private static Proof proof() {
        return new Proof(
                TestCluster.membership().clusterId(),
                Misdeed.Conflict.of(
                        TestCluster.sign(2, new Prepare(0, 5, A)), TestCluster.sign(2, new Prepare(0, 5, B))));
    }

    private EvidenceEvent read(byte[] frame) throws MalformedMessageException, RejectedMessageException {
        PeerInput.Events events = (PeerInput.Events) frames.read(1, frame);
        return ((ProtocolEvent.Evidence) events.events().getFirst()).event();
    }

    @Test
    void proofsAreTold() throws Exception {
        assertEquals(new EvidenceEvent.Told(1, List.of(proof())), read(EvidenceFrames.proofs(List.of(proof()))));
    }

    @Test
    void namesAreTold() throws Exception {
        List<KnownProof> known =
                List.of(new KnownProof(2, 1, Severity.LIE, A), new KnownProof(3, 7, Severity.FAULT, B));
        assertEquals(new EvidenceEvent.Listed(1, known), read(EvidenceFrames.names(known)));
        assertEquals(new EvidenceEvent.Listed(1, List.of()), read(EvidenceFrames.names(List.of())));
    }

    /** One that proves nothing takes the others with it: no honest replica tells one. */
    @Test
    void aProofOfNothingIsRefused() {
        Signed<Prepare> forged = new Signed<>(new Prepare(0, 5, B), 2, TestCluster.EPOCH, new byte[64]);
        Proof nothing = new Proof(
                TestCluster.membership().clusterId(),
                Misdeed.Conflict.of(TestCluster.sign(2, new Prepare(0, 5, A)), forged));
        assertEquals(
                Reason.BAD_EVIDENCE,
                assertThrows(
                                RejectedMessageException.class,
                                () -> read(EvidenceFrames.proofs(List.of(proof(), nothing))))
                        .reason());
    }

    @Test
    void tooMuchAtOnceIsMalformed() {
        assertThrows(
                MalformedMessageException.class, () -> read(EvidenceFrames.proofs(Collections.nCopies(65, proof()))));
        assertThrows(
                MalformedMessageException.class,
                () -> read(EvidenceFrames.names(Collections.nCopies(1025, new KnownProof(2, 1, Severity.LIE, A)))));
    }

    @Test
    void whatIsNoEvidenceMessageIsMalformed() {
        for (ByteString bytes : List.of(
                ByteString.EMPTY,
                ByteString.copyFrom(new byte[] {(byte) 0xFF}),
                EvidenceMessage.newBuilder()
                        .setProofs(io.atlassmr.wire.v1.Proofs.newBuilder().addProofs(ByteString.copyFromUtf8("x")))
                        .build()
                        .toByteString(),
                EvidenceMessage.newBuilder()
                        .setKnown(io.atlassmr.wire.v1.KnownProofs.newBuilder()
                                .addProofs(io.atlassmr.wire.v1.KnownProof.newBuilder()
                                        .setAccused(1)))
                        .build()
                        .toByteString())) {
            byte[] frame = PeerMessage.newBuilder().setEvidence(bytes).build().toByteArray();
            assertThrows(MalformedMessageException.class, () -> read(frame));
        }
    }

    /** What one replica tells at once fits into a frame of its class. */
    @Test
    void whatIsToldAtOnceFitsIntoAFrame() {
        List<KnownProof> most =
                Collections.nCopies(512, new KnownProof(Integer.MAX_VALUE, Long.MAX_VALUE, Severity.LIE, A));
        assertEquals(true, EvidenceFrames.names(most).length < TrafficClass.RECONFIGURATION.maxFrameBytes());
    }
}
