package io.atlassmr.protocol.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.fixture.Cluster;
import io.atlassmr.protocol.fixture.KeyedDigest;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.verify.CommandVerifier;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandCodecTest {

    private static final PublicKey KEY = PublicKey.of(Members.key(7));

    static Stream<Command> commands() {
        Member newcomer = new Member(5, Members.key(5), "replica-5", 7000, 7001);
        return Stream.of(
                new Command.Admit(newcomer, 5000, Command.Admit.NOBODY),
                new Command.Admit(newcomer, 5000, 0),
                new Command.Withdraw(5),
                new Command.Leave(0),
                new Command.Lead(3),
                new Command.Move(1, "elsewhere", 1, 65_535),
                new Command.Grant(KEY, Role.VIEWER),
                new Command.SetCheckpointPolicy(OptionalInt.of(20), OptionalInt.of(3), OptionalLong.of(500)),
                new Command.SetCheckpointPolicy(OptionalInt.empty(), OptionalInt.of(3), OptionalLong.empty()),
                new Command.Revoke(KEY));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandIsReadBack(Command command) throws MalformedMessageException {
        SignedCommand signed = Cluster.sign("tests", Cluster.key('A'), 3, 2, command);
        SignedCommand read = CommandCodec.decode(CommandCodec.toWire(signed));
        assertEquals(signed, read);
        assertEquals(command, read.command());
        assertEquals(3, read.number());
        assertEquals(2, read.expectedEpoch());
        assertTrue(new CommandVerifier("tests", new KeyedDigest()).verify(read));
        assertFalse(new CommandVerifier("others", new KeyedDigest()).verify(read));
    }

    @Test
    void aJoinIsReadBackWithoutASigner() throws MalformedMessageException {
        Command.Join join = new Command.Join(
                5,
                Sha256.of(new byte[1]),
                List.of(new VoteSignature(0, new byte[64]), new VoteSignature(2, new byte[64])));
        SignedCommand read = CommandCodec.decode(CommandCodec.toWire(CommandCodec.join(4, join)));
        assertEquals(join, read.command());
        assertEquals(4, read.expectedEpoch());
    }

    @Test
    void anAccusationIsReadBackWithoutASigner() throws MalformedMessageException {
        byte[] proof = new byte[EvidenceCodec.MAX_PROOF_BYTES];
        SignedCommand accusation = CommandCodec.accuse(4, new Command.Accuse(3, proof));
        SignedCommand read = CommandCodec.decode(CommandCodec.toWire(accusation));
        assertEquals(accusation, read);
        assertNull(read.signer());
        assertEquals(4, read.expectedEpoch());
        Command.Accuse accuse = (Command.Accuse) read.command();
        assertEquals(3, accuse.accused());
        assertArrayEquals(proof, accuse.proof());
    }

    @Test
    void onlyAnAccusationIsLarge() {
        Command.Accuse tooLarge = new Command.Accuse(3, new byte[CommandCodec.MAX_ACCUSATION_BYTES]);
        assertThrows(
                MalformedMessageException.class,
                () -> CommandCodec.decode(CommandCodec.toWire(CommandCodec.accuse(4, tooLarge))));
        byte[] payload = io.atlassmr.wire.v1.Command.newBuilder()
                .setSigner(ByteString.copyFrom(KEY.toByteArray()))
                .setExpectedEpoch(1)
                .setMove(io.atlassmr.wire.v1.Move.newBuilder().setHost("h".repeat(CommandCodec.MAX_COMMAND_BYTES)))
                .build()
                .toByteArray();
        assertThrows(
                MalformedMessageException.class,
                () -> CommandCodec.decode(io.atlassmr.wire.v1.SignedCommand.newBuilder()
                        .setPayload(ByteString.copyFrom(payload))
                        .setSignature(ByteString.copyFrom(new byte[64]))
                        .build()));
    }

    @Test
    void aNewKeyHasToBeItsHolders() {
        Command forged = new Command.RotateKey(2, KEY, new byte[64]);
        byte[] proof = KeyedDigest.sign(KEY.toByteArray(), CommandVerifier.newKeyStatement("tests", 1, 2));
        Command good = new Command.RotateKey(2, KEY, proof);
        CommandVerifier verifier = new CommandVerifier("tests", new KeyedDigest());
        assertFalse(verifier.verify(Cluster.sign("tests", Cluster.key('A'), 1, 1, forged)));
        assertTrue(verifier.verify(Cluster.sign("tests", Cluster.key('A'), 1, 1, good)));
        assertFalse(verifier.verify(Cluster.sign("tests", Cluster.key('A'), 1, 2, good)));
    }

    @Property(tries = 2000)
    void noBytesBreakTheReading(@ForAll byte[] bytes) {
        var wire = io.atlassmr.wire.v1.SignedCommand.newBuilder()
                .setPayload(ByteString.copyFrom(bytes))
                .setSignature(ByteString.copyFrom(new byte[64]))
                .build();
        try {
            SignedCommand _ = CommandCodec.decode(wire);
        } catch (MalformedMessageException expected) {
            assertFalse(expected.getMessage().isEmpty());
        }
    }

    @Test
    void aCommandHasASignatureUnlessItIsAJoin() {
        byte[] payload = CommandCodec.payload(KEY, 1, 1, new Command.Leave(0));
        assertThrows(
                MalformedMessageException.class,
                () -> CommandCodec.decode(io.atlassmr.wire.v1.SignedCommand.newBuilder()
                        .setPayload(ByteString.copyFrom(payload))
                        .build()));
    }

    @Test
    void anEpochIsReadBackWithItsBatch() throws MalformedMessageException {
        Epoch epoch =
                new Epoch(Membership.of("tests", 2, Members.of(5).membership().members()), 9);
        Batch last = BatchCodec.encodeLast(1000, epoch);
        Batch read = BatchCodec.decode(last.encoded());
        assertEquals(last, read);
        assertEquals(epoch, read.epoch());
    }

    @Test
    void anEpochHasFourMembers() {
        Epoch epoch =
                new Epoch(Membership.of("tests", 2, Members.of(4).membership().members()), 9);
        var wire = EpochCodec.encode(epoch).toBuilder().removeMembers(0).build();
        assertThrows(MalformedMessageException.class, () -> EpochCodec.decode(wire));
    }
}
