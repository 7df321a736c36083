package io.atlassmr.protocol.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.ViewChange;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvidenceCodecTest {

    private static final Members MEMBERS = Members.of(4);
    private static final Digest A = Sha256.of(new byte[] {1});
    private static final Digest B = Sha256.of(new byte[] {2});

    static List<Misdeed> misdeeds() {
        return List.of(
                Misdeed.Conflict.of(MEMBERS.sign(1, new Commit(0, 5, A)), MEMBERS.sign(1, new Commit(0, 5, B))),
                new Misdeed.HiddenCommit(
                        MEMBERS.sign(1, new Commit(0, 5, A)),
                        MEMBERS.sign(1, new ViewChange(1, 4, List.of(), List.of(MEMBERS.prepared(0, 6, A))))),
                new Misdeed.InvalidCertificate(
                        MEMBERS.sign(1, new ViewChange(1, 4, List.of(), List.of(MEMBERS.prepared(0, 6, A))))),
                new Misdeed.WrongCheckpoint(MEMBERS.sign(1, new CheckpointVote(5, A)), MEMBERS.committed(0, 5, B)));
    }

    @ParameterizedTest
    @MethodSource("misdeeds")
    void proofsComeBackAsTheyWere(Misdeed misdeed) throws MalformedMessageException {
        Proof proof = new Proof("tests", misdeed);
        assertEquals(proof, EvidenceCodec.decode(EvidenceCodec.encode(proof)));
    }

    @Test
    void bytesBehindTheProofAreNotTaken() {
        byte[] bytes = EvidenceCodec.encode(new Proof("tests", misdeeds().getFirst()));
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 3);
        longer[bytes.length] = (byte) 0xA2;
        longer[bytes.length + 1] = 6;
        assertEquals(
                "a proof that is not in its canonical form",
                assertThrows(MalformedMessageException.class, () -> EvidenceCodec.decode(longer))
                        .getMessage());
    }

    @Test
    void aProofThatIsTooLargeIsNotTaken() {
        assertThrows(
                MalformedMessageException.class,
                () -> EvidenceCodec.decode(new byte[EvidenceCodec.MAX_PROOF_BYTES + 1]));
    }

    /** Whatever is taken has one form. */
    @Property(tries = 3000)
    void changedBytesAreMalformedOrCanonical(@ForAll int place, @ForAll byte value) {
        byte[] bytes = EvidenceCodec.encode(new Proof("tests", misdeeds().get(1)));
        bytes[Math.floorMod(place, bytes.length)] = value;
        try {
            assertArrayEquals(bytes, EvidenceCodec.encode(EvidenceCodec.decode(bytes)));
        } catch (MalformedMessageException e) {
            assertEquals(MalformedMessageException.class, e.getClass());
        }
    }
}
