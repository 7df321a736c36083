package io.atlassmr.protocol.evidence;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Statement;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.verify.BundleVerifier;
import io.atlassmr.protocol.verify.MessageVerifier;
import io.atlassmr.protocol.verify.RejectedMessageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Nobody can frame an honest member. Replica 0 is honest: it signs what the protocol lets it, over many views, with restarts. The
 * others sign whatever helps against it, and put its messages together, apart and under other signatures.
 */
class FramingTest {

    private static final int HONEST = 0;
    private static final Membership MEMBERSHIP = Members.of(4).membership();

    /** Signatures that cannot be forged: the honest member's exist only under what it signed. */
    private static final class Signatures implements SignatureVerifier {
        private final Set<Digest> byHonest = new HashSet<>();

        Signed<ProtocolMessage> sign(int signer, ProtocolMessage message) {
            byte[] statement = Statement.of(MEMBERSHIP.clusterId(), MEMBERSHIP.epoch(), message);
            byte[] signature = Sha256.of(Members.key(signer), statement).toByteArray();
            if (signer == HONEST) {
                byHonest.add(Digest.of(signature));
            }
            return new Signed<>(message, signer, MEMBERSHIP.epoch(), signature);
        }

        @Override
        public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
            Digest expected = Sha256.of(publicKey, message);
            boolean matches = signature.length == Digest.SIZE_BYTES && expected.equals(Digest.of(signature));
            boolean honest = java.util.Arrays.equals(publicKey, Members.key(HONEST));
            return matches && (!honest || byHonest.contains(expected));
        }
    }

    /** What an honest member may sign, as random as the others can make it. */
    private static final class Honest {
        private final Random random;
        private final Signatures signatures;
        final List<Signed<ProtocolMessage>> said = new ArrayList<>();
        private final TreeMap<Long, Certificate> prepared = new TreeMap<>();
        private final TreeMap<Long, Digest> states = new TreeMap<>();
        private long lastDecided;

        Honest(Random random, Signatures signatures) {
            this.random = random;
            this.signatures = signatures;
        }

        private void say(ProtocolMessage message) {
            said.add(signatures.sign(HONEST, message));
        }

        void live() {
            for (long view = 0; view < 4; view++) {
                if (view > 0) {
                    askFor(view);
                }
                TreeMap<Long, Digest> accepted = new TreeMap<>();
                for (int i = 0; i < 4; i++) {
                    act(view, accepted);
                }
            }
        }

        private void askFor(long view) {
            for (int again = random.nextInt(3); again >= 0; again--) {
                say(new ViewChange(
                        view,
                        lastDecided,
                        List.of(),
                        List.copyOf(prepared.tailMap(lastDecided, false).values())));
                learn();
            }
        }

        /** While it waits for a view it may be told decisions. */
        private void learn() {
            if (random.nextInt(3) == 0) {
                lastDecided++;
                say(new CheckpointVote(lastDecided, state(lastDecided)));
            }
        }

        Digest state(long sequenceNumber) {
            return states.computeIfAbsent(sequenceNumber, _ -> digest(random));
        }

        private void act(long view, Map<Long, Digest> accepted) {
            long place = lastDecided + 1 + random.nextInt(3);
            Digest digest = accepted.computeIfAbsent(place, _ -> digest(random));
            if (view % MEMBERSHIP.members().size() == HONEST) {
                say(new PrePrepare(view, place, digest));
            }
            Prepare prepare = new Prepare(view, place, digest);
            say(prepare);
            if (random.nextBoolean()) {
                prepared.put(place, certificate(prepare));
                say(new Commit(view, place, digest));
            }
            if (random.nextInt(3) == 0) {
                learn();
            }
        }

        private Certificate certificate(Prepare prepare) {
            List<VoteSignature> votes = new ArrayList<>();
            for (int signer = 0; signer < MEMBERSHIP.quorum().size(); signer++) {
                votes.add(new VoteSignature(
                        signer, signatures.sign(signer, prepare).signature()));
            }
            return new Certificate(prepare.view(), prepare.sequenceNumber(), prepare.digest(), votes);
        }
    }

    private static Digest digest(Random random) {
        return Sha256.of(new byte[] {(byte) random.nextInt(3)});
    }

    private static boolean isProven(Misdeed misdeed, Signatures signatures) {
        try {
            new EvidenceVerification(MEMBERSHIP, signatures).verify(new Proof("tests", misdeed));
            return true;
        } catch (UnprovenException e) {
            return false;
        }
    }

    @Property(tries = 300)
    void noTwoMessagesOfAnHonestMemberProveAnything(@ForAll long seed) {
        Signatures signatures = new Signatures();
        Honest honest = new Honest(new Random(seed), signatures);
        honest.live();
        for (Signed<ProtocolMessage> first : honest.said) {
            assertTrue(!isProven(new Misdeed.InvalidCertificate(first), signatures), () -> "framed with " + first);
            for (Signed<ProtocolMessage> second : honest.said) {
                assertTrue(
                        !isProven(Misdeed.Conflict.of(first, second), signatures),
                        () -> "framed with " + first + " and " + second);
                if (first.message() instanceof Commit commit && second.message() instanceof ViewChange viewChange) {
                    assertTrue(
                            !isProven(new Misdeed.HiddenCommit(as(first, commit), as(second, viewChange)), signatures),
                            () -> "framed with " + first + " and " + second);
                }
            }
        }
    }

    /** Whether an honest member would vote for a batch that bars this one. */
    private static boolean isBarredBy(int accused, byte[] proof, Signatures signatures) {
        MessageVerifier verifier = new MessageVerifier(
                () -> Roster.of(MEMBERSHIP), 32, signatures, new BundleVerifier("tests", signatures, 16));
        try {
            verifier.verify(CommandCodec.accuse(MEMBERSHIP.epoch(), new Command.Accuse(accused, proof)));
            return true;
        } catch (RejectedMessageException e) {
            return false;
        }
    }

    /** Neither with its own messages, altered or not, nor with a proof against a liar. */
    @Property(tries = 1000)
    void noAccusationBarsAnHonestMember(@ForAll long seed) {
        Random random = new Random(seed);
        Signatures signatures = new Signatures();
        Honest honest = new Honest(random, signatures);
        honest.live();
        Signed<ProtocolMessage> first = altered(random, signatures, honest);
        Signed<ProtocolMessage> second = altered(random, signatures, honest);
        List<Misdeed> claims = new ArrayList<>();
        claims.add(Misdeed.Conflict.of(first, second));
        claims.add(new Misdeed.InvalidCertificate(first));
        if (second.message() instanceof ViewChange viewChange) {
            claims.add(new Misdeed.HiddenCommit(as(first, commit(random)), as(second, viewChange)));
        }
        Misdeed lie = Misdeed.Conflict.of(
                signatures.sign(1, new Prepare(0, 1, Sha256.of(new byte[] {8}))),
                signatures.sign(1, new Prepare(0, 1, Sha256.of(new byte[] {9}))));
        claims.add(lie);
        for (Misdeed claim : claims) {
            byte[] proof = EvidenceCodec.encode(new Proof("tests", claim));
            assertTrue(!isBarredBy(HONEST, proof, signatures), () -> "barred with " + claim);
        }
        assertTrue(isBarredBy(1, EvidenceCodec.encode(new Proof("tests", lie)), signatures));
    }

    private static <M extends ProtocolMessage> Signed<M> as(Signed<?> signed, M message) {
        return new Signed<>(message, signed.signer(), signed.epoch(), signed.signature());
    }

    /** Another message, signer or epoch under the signature; another's message under the honest member's name. */
    @Property(tries = 2000)
    void noAlteredMessageOfAnHonestMemberProvesAnything(@ForAll long seed) {
        Random random = new Random(seed);
        Signatures signatures = new Signatures();
        Honest honest = new Honest(random, signatures);
        honest.live();
        Signed<ProtocolMessage> first = altered(random, signatures, honest);
        Signed<ProtocolMessage> second = altered(random, signatures, honest);
        List<Misdeed> claims = new ArrayList<>();
        claims.add(Misdeed.Conflict.of(first, second));
        claims.add(new Misdeed.InvalidCertificate(first));
        if (second.message() instanceof ViewChange viewChange) {
            claims.add(new Misdeed.HiddenCommit(as(first, commit(random)), as(second, viewChange)));
            claims.add(new Misdeed.InvalidCertificate(
                    as(first, new NewView(viewChange.view(), List.of(as(second, viewChange))))));
        }
        claims.add(new Misdeed.WrongCheckpoint(
                as(first, new CheckpointVote(1, digest(random))), quorumWithoutTheHonest(honest, signatures)));
        for (Misdeed claim : claims) {
            assertTrue(claim.accused() != HONEST || !isProven(claim, signatures), () -> "framed with " + claim);
        }
    }

    private static Signed<ProtocolMessage> altered(Random random, Signatures signatures, Honest honest) {
        Signed<ProtocolMessage> said = honest.said.get(random.nextInt(honest.said.size()));
        Signed<ProtocolMessage> other = honest.said.get(random.nextInt(honest.said.size()));
        Signed<ProtocolMessage> liars = signatures.sign(1 + random.nextInt(3), new Prepare(0, 1, digest(random)));
        return switch (random.nextInt(6)) {
            case 0 -> said;
            case 1 -> new Signed<>(other.message(), HONEST, said.epoch(), said.signature());
            case 2 -> new Signed<>(liars.message(), HONEST, said.epoch(), liars.signature());
            case 3 -> new Signed<>(said.message(), HONEST, said.epoch() + 1, said.signature());
            case 4 ->
                new Signed<>(
                        new ViewChange(1 + random.nextInt(4), random.nextInt(4), List.of(), List.of()),
                        HONEST,
                        said.epoch(),
                        said.signature());
            default ->
                new Signed<>(
                        new Prepare(random.nextInt(4), 1 + random.nextInt(4), digest(random)),
                        HONEST,
                        said.epoch(),
                        said.signature());
        };
    }

    private static Commit commit(Random random) {
        return new Commit(random.nextInt(4), 1 + random.nextInt(4), digest(random));
    }

    /** A quorum has the state of its honest members, which is this one's unless something broke it. */
    private static Certificate quorumWithoutTheHonest(Honest honest, Signatures signatures) {
        CheckpointVote vote = new CheckpointVote(1, honest.state(1));
        List<VoteSignature> votes = new ArrayList<>();
        for (int signer = 1; signer <= 3; signer++) {
            votes.add(new VoteSignature(signer, signatures.sign(signer, vote).signature()));
        }
        return new Certificate(0, 1, vote.digest(), votes);
    }

    /** A true proof against a liar, with some of its bytes changed. */
    @Property(tries = 3000)
    void noBytesTurnAProofAgainstAnother(@ForAll long seed) {
        Random random = new Random(seed);
        Signatures signatures = new Signatures();
        new Honest(random, signatures).live();
        byte[] bytes = EvidenceCodec.encode(new Proof(
                "tests",
                Misdeed.Conflict.of(
                        signatures.sign(1, new Prepare(0, 1, Sha256.of(new byte[] {8}))),
                        signatures.sign(1, new Prepare(0, 1, Sha256.of(new byte[] {9}))))));
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? 0 : random.nextInt(256));
        }
        try {
            Proof changed = EvidenceCodec.decode(bytes);
            if (isProven(changed.misdeed(), signatures)) {
                assertNotEquals(HONEST, changed.accused());
            }
        } catch (MalformedMessageException e) {
            assertTrue(!e.getMessage().isEmpty());
        }
    }
}
