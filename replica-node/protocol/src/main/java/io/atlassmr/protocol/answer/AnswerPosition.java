package io.atlassmr.protocol.answer;

import io.atlassmr.crypto.hash.Digest;

/**
 * Where a replica stood when it gave an answer. Whatever is named here is a function of the order alone, so that an honest replica
 * never names two things for one place, however often it is asked or restarted.
 *
 * @param sequenceNumber the last decision that it knew
 * @param membership identifies the members of the epoch after that decision
 * @param stateSequenceNumber the last decision that it had executed
 * @param state the digest of the state after that decision
 */
public record AnswerPosition(long sequenceNumber, Digest membership, long stateSequenceNumber, Digest state) {

    /** Whether both cannot be true of one replica in one epoch. */
    public boolean contradicts(AnswerPosition other) {
        return namesOtherMembers(other) || namesOtherState(other);
    }

    /** The place that both speak of and differ about. */
    public long disputed(AnswerPosition other) {
        return namesOtherMembers(other) ? sequenceNumber : stateSequenceNumber;
    }

    private boolean namesOtherMembers(AnswerPosition other) {
        return sequenceNumber == other.sequenceNumber && !membership.equals(other.membership);
    }

    private boolean namesOtherState(AnswerPosition other) {
        return stateSequenceNumber == other.stateSequenceNumber && !state.equals(other.state);
    }
}
