package io.atlassmr.protocol.evidence;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.answer.AnswerPosition;
import io.atlassmr.protocol.answer.SignedAnswer;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Statement;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import java.nio.ByteBuffer;

/** What a member signed and should not have. A claim: {@link EvidenceVerification} tells whether it is true. */
public sealed interface Misdeed {

    /** Who signed it. */
    int accused();

    /** The membership it was signed in. */
    long epoch();

    /**
     * Which kind it is.
     *
     * @throws IllegalArgumentException if its messages are of kinds that prove nothing together
     */
    MisdeedKind kind();

    /** The view it happened in, 0 if in none. */
    long view();

    /** The place it is about, 0 if about none. */
    long sequenceNumber();

    /**
     * Two messages that contradict each other.
     *
     * @param first the one whose statement has the lower SHA-256
     */
    record Conflict(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second)
            implements Misdeed {

        /** The conflict between two messages in any order. */
        public static Conflict of(Signed<? extends ProtocolMessage> one, Signed<? extends ProtocolMessage> other) {
            return rank(one).compareTo(rank(other)) <= 0 ? new Conflict(one, other) : new Conflict(other, one);
        }

        private static Digest rank(Signed<? extends ProtocolMessage> signed) {
            return Sha256.of(Statement.of("", signed.epoch(), signed.message()));
        }

        /** Whether the messages are in their order. */
        boolean isInOrder() {
            return rank(first).compareTo(rank(second)) < 0;
        }

        @Override
        public int accused() {
            return first.signer();
        }

        @Override
        public long epoch() {
            return first.epoch();
        }

        @Override
        public MisdeedKind kind() {
            return switch (first.message()) {
                case PrePrepare _ -> MisdeedKind.TWO_PROPOSALS;
                case Prepare _ -> MisdeedKind.TWO_PREPARES;
                case Commit _ -> MisdeedKind.TWO_COMMITS;
                case ViewChange _ -> MisdeedKind.TWO_VIEW_CHANGES;
                case CheckpointVote _ -> MisdeedKind.TWO_CHECKPOINTS;
                case NewView _, Suspect _, JoinRequest _, JoinApproval _ ->
                    throw new IllegalArgumentException(
                            "two messages of type " + first.message().getClass().getSimpleName() + " prove nothing");
            };
        }

        @Override
        public long view() {
            return first.message().view();
        }

        @Override
        public long sequenceNumber() {
            return Places.of(first.message());
        }
    }

    /** A commit, and a change to a later view that shows neither the decision nor the prepared certificate behind it. */
    record HiddenCommit(Signed<Commit> commit, Signed<ViewChange> viewChange) implements Misdeed {

        @Override
        public int accused() {
            return commit.signer();
        }

        @Override
        public long epoch() {
            return commit.epoch();
        }

        @Override
        public MisdeedKind kind() {
            return MisdeedKind.HIDDEN_COMMIT;
        }

        @Override
        public long view() {
            return viewChange.message().view();
        }

        @Override
        public long sequenceNumber() {
            return commit.message().sequenceNumber();
        }
    }

    /** A view change, or a new view made of some, with a certificate in it that no quorum has signed. */
    record InvalidCertificate(Signed<? extends ProtocolMessage> message) implements Misdeed {

        @Override
        public int accused() {
            return message.signer();
        }

        @Override
        public long epoch() {
            return message.epoch();
        }

        @Override
        public MisdeedKind kind() {
            return MisdeedKind.INVALID_CERTIFICATE;
        }

        @Override
        public long view() {
            return message.message().view();
        }

        @Override
        public long sequenceNumber() {
            return 0;
        }
    }

    /**
     * Two answers of the admin API that name different members, or states, after one decision.
     *
     * @param first the one whose {@link #statement} has the lower SHA-256
     */
    record TwoAnswers(SignedAnswer first, SignedAnswer second) implements Misdeed {

        /** The conflict between two answers in any order. */
        public static TwoAnswers of(SignedAnswer one, SignedAnswer other) {
            return Sha256.of(statement(one)).compareTo(Sha256.of(statement(other))) <= 0
                    ? new TwoAnswers(one, other)
                    : new TwoAnswers(other, one);
        }

        /** What counts of an answer: whoever repeats it under another nonce does not do more. */
        static byte[] statement(SignedAnswer answer) {
            AnswerPosition position = answer.header().position();
            return ByteBuffer.allocate(3 * Long.BYTES + 2 * Digest.SIZE_BYTES)
                    .putLong(answer.header().epoch())
                    .putLong(position.sequenceNumber())
                    .put(position.membership().toByteArray())
                    .putLong(position.stateSequenceNumber())
                    .put(position.state().toByteArray())
                    .array();
        }

        /** Whether the answers are in their order. */
        boolean isInOrder() {
            return Sha256.of(statement(first)).compareTo(Sha256.of(statement(second))) < 0;
        }

        @Override
        public int accused() {
            return first.header().replicaId();
        }

        @Override
        public long epoch() {
            return first.header().epoch();
        }

        @Override
        public MisdeedKind kind() {
            return MisdeedKind.TWO_ANSWERS;
        }

        @Override
        public long view() {
            return 0;
        }

        @Override
        public long sequenceNumber() {
            return first.header().position().disputed(second.header().position());
        }
    }

    /** A vote for a checkpoint, and the certificate of another one at the same place. */
    record WrongCheckpoint(Signed<CheckpointVote> vote, Certificate stable) implements Misdeed {

        @Override
        public int accused() {
            return vote.signer();
        }

        @Override
        public long epoch() {
            return vote.epoch();
        }

        @Override
        public MisdeedKind kind() {
            return MisdeedKind.WRONG_CHECKPOINT;
        }

        @Override
        public long view() {
            return 0;
        }

        @Override
        public long sequenceNumber() {
            return vote.message().sequenceNumber();
        }
    }
}
