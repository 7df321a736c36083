package io.atlassmr.protocol.message.agreement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.wire.v1.SignedProtocolMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** A signature can be shown for what was signed and for nothing else. */
class StatementTest {

    /** What a signature is meant to cover. */
    record Said(String clusterId, long epoch, ProtocolMessage message) {

        byte[] statement() {
            return Statement.of(clusterId, epoch, message);
        }

        /** A proposal says what its leader's prepare would. */
        Said asVote() {
            return message instanceof PrePrepare proposal ? new Said(clusterId, epoch, proposal.vote()) : this;
        }
    }

    @Provide
    static Arbitrary<Said> sayings() {
        return Combinators.combine(
                        Arbitraries.of("a", "ab", "b", "a\0"),
                        Arbitraries.longs().between(1, 2),
                        Messages.any())
                .as(Said::new);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void differentMessagesHaveDifferentStatements(@ForAll("sayings") Said first, @ForAll("sayings") Said second) {
        assertEquals(first.asVote().equals(second.asVote()), Arrays.equals(first.statement(), second.statement()));
    }

    @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
    void aMessageThatDiffersInAFewBitsHasAnotherStatement(@ForAll("sayings") Said said, @ForAll long seed) {
        byte[] bytes = ProtocolCodec.encode(new Signed<>(said.message(), 0, 1, new byte[0]))
                .toByteArray();
        Random random = new Random(seed);
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        try {
            ProtocolMessage near =
                    ProtocolCodec.decode(SignedProtocolMessage.parseFrom(bytes)).message();
            Said other = new Said(said.clusterId(), said.epoch(), near);
            assertEquals(other.asVote().equals(said.asVote()), Arrays.equals(said.statement(), other.statement()));
        } catch (MalformedMessageException | InvalidProtocolBufferException _) {
            // Not a message any more.
        }
    }

    @Test
    void votesOfOneKindDifferInEachField() {
        Prepare vote = new Prepare(1, 2, Digest.ZERO);
        byte[] one = Statement.of("c", 1, vote);
        assertFalse(Arrays.equals(one, Statement.of("c", 1, new Prepare(2, 1, Digest.ZERO))));
        assertFalse(Arrays.equals(one, Statement.of("c", 1, new Commit(1, 2, Digest.ZERO))));
        assertFalse(Arrays.equals(one, Statement.of("c", 2, vote)));
        assertFalse(Arrays.equals(one, Statement.of("d", 1, vote)));
    }

    @Test
    void aProposalIsItsLeadersPrepare() {
        assertArrayEquals(
                Statement.of("c", 1, new Prepare(1, 2, Digest.ZERO)),
                Statement.of("c", 1, new PrePrepare(1, 2, Digest.ZERO)));
    }

    @Test
    void aNewViewIsBoundToViewsAndEpochsInside() {
        ViewChange change = new ViewChange(1, 0, List.of(), List.of());
        ViewChange toAnother = new ViewChange(2, 0, List.of(), List.of());
        byte[] one = Statement.of("c", 1, new NewView(1, List.of(new Signed<>(change, 0, 1, new byte[64]))));
        assertFalse(Arrays.equals(
                one, Statement.of("c", 1, new NewView(1, List.of(new Signed<>(toAnother, 0, 1, new byte[64]))))));
        assertFalse(Arrays.equals(
                one, Statement.of("c", 1, new NewView(1, List.of(new Signed<>(change, 0, 2, new byte[64]))))));
    }

    @Test
    void theLongestClusterIdFitsItsLength() {
        String longest = "\uD83D\uDE00".repeat(32);
        assertEquals(64, longest.length());
        Membership.of(longest, 1, Members.of(4).membership().members());
        byte[] one = Statement.of(longest, 1, new Suspect(0, false));
        byte[] other = Statement.of(longest.substring(2), 1, new Suspect(0, false));
        assertEquals(one.length, other.length + 4);
    }
}
