package io.atlassmr.protocol.message;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.PublicKey;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A change that somebody asks the members to agree on. Whether it is done is decided where it stands in the total order. */
public sealed interface Command {

    /**
     * This replica may follow and ask to join. By an operator.
     *
     * @param expiresAtMillis in agreed time
     * @param replaces the member that leaves when it joins, {@link Admit#NOBODY} if none does
     */
    record Admit(Member newcomer, long expiresAtMillis, int replaces) implements Command {
        /** In the place of a member that is replaced. */
        public static final int NOBODY = -1;
    }

    /** The admission of this replica holds no longer. By an operator, or the newcomer. */
    record Withdraw(int id) implements Command {}

    /**
     * An admitted replica becomes a member. By nobody: the approvals count.
     *
     * @param admission digest of the command that admitted it
     * @param approvals of a quorum, ascending by signer
     */
    record Join(int id, Digest admission, List<VoteSignature> approvals) implements Command {
        public Join {
            approvals = List.copyOf(approvals);
        }
    }

    /** A member leaves. By an operator, or the member. */
    record Leave(int id) implements Command {}

    /**
     * A member changes its key. By its old key.
     *
     * @param proof signature of the new key, see {@link io.atlassmr.protocol.verify.CommandVerifier}; not to be changed by whoever holds it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record RotateKey(int id, PublicKey newKey, byte[] proof) implements Command {

        /** Without the proof: an array would show as another each time. */
        @Override
        public String toString() {
            return "RotateKey[id=" + id + ", newKey=" + newKey + "]";
        }
    }

    /** A member can be reached elsewhere. By an operator, or the member. */
    record Move(int id, String host, int peerPort, int clientPort) implements Command {}

    /**
     * A member is proven to have lied in this epoch, and leads no more in it. By nobody: the proof counts.
     *
     * @param proof of a lie of the epoch that the command expects, see {@link io.atlassmr.protocol.verify.AccusationVerifier}; not to be
     *     changed by whoever holds it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Accuse(int accused, byte[] proof) implements Command {

        /** Without the proof: an array would show as another each time. */
        @Override
        public String toString() {
            return "Accuse[accused=" + accused + "]";
        }
    }

    /** This member leads from now on, for as long as it serves. By an operator: who leads is not for a member to wish. */
    record Lead(int id) implements Command {}

    /** Checkpoints are taken and kept by this policy from now on; what is absent stays as it is. By an operator. */
    record SetCheckpointPolicy(OptionalInt interval, OptionalInt retain, OptionalLong maxAgeMillis) implements Command {

        /** What comes of it. */
        public CheckpointPolicy after(CheckpointPolicy before) {
            return new CheckpointPolicy(
                    interval.orElse(before.interval()),
                    retain.orElse(before.retain()),
                    maxAgeMillis.orElse(before.maxAgeMillis()));
        }
    }

    /** Somebody is an administrator with this role from now on. By an owner. */
    record Grant(PublicKey key, Role role) implements Command {}

    /** Somebody is no administrator any longer. By an owner. */
    record Revoke(PublicKey key) implements Command {}
}
