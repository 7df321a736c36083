package io.atlassmr.client.quorum;

import io.atlassmr.wire.v1.Reply;
import io.atlassmr.wire.v1.ReplyStatus;

/**
 * The latest answer of each replica to one request: a replica has one vote, however often it answers. Not thread-safe.
 */
public final class Votes {

    private final Reply[] byMember;

    public Votes(int members) {
        this.byMember = new Reply[members];
    }

    /** Whether the status says what became of the request, the same at every honest replica. */
    public static boolean isFinal(ReplyStatus status) {
        return switch (status) {
            case OK, APPLICATION_ERROR, REJECTED, FORGOTTEN -> true;
            case OVERLOADED, UNAVAILABLE, REPLY_STATUS_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    }

    /** Records a member's answer in place of its earlier one; a refusal does not displace a final answer. */
    public void put(int memberIndex, Reply reply) {
        Reply earlier = byMember[memberIndex];
        if (earlier == null || isFinal(reply.getStatus()) || !isFinal(earlier.getStatus())) {
            byMember[memberIndex] = reply;
        }
    }

    /** Whether the member has answered. */
    public boolean has(int memberIndex) {
        return byMember[memberIndex] != null;
    }

    /** How many members say exactly what {@code reply} says, including where it was executed. */
    public int agreeingAtSamePosition(Reply reply) {
        int agreeing = 0;
        for (Reply other : byMember) {
            if (other != null && other.getSequenceNumber() == reply.getSequenceNumber() && sameAnswer(other, reply)) {
                agreeing++;
            }
        }
        return agreeing;
    }

    /** How many members give the same status and result as {@code reply}, wherever they stand. */
    public int agreeing(Reply reply) {
        int agreeing = 0;
        for (Reply other : byMember) {
            if (other != null && sameAnswer(other, reply)) {
                agreeing++;
            }
        }
        return agreeing;
    }

    /** How many members' latest answer has this status. */
    public int count(ReplyStatus status) {
        int count = 0;
        for (Reply reply : byMember) {
            if (reply != null && reply.getStatus() == status) {
                count++;
            }
        }
        return count;
    }

    /** Whether this member's latest answer has this status. */
    public boolean is(int memberIndex, ReplyStatus status) {
        return byMember[memberIndex] != null && byMember[memberIndex].getStatus() == status;
    }

    /** How many members have answered. */
    public int count() {
        int count = 0;
        for (Reply reply : byMember) {
            if (reply != null) {
                count++;
            }
        }
        return count;
    }

    /** Whether a member has given a final answer. */
    public boolean hasFinal() {
        for (Reply reply : byMember) {
            if (reply != null && isFinal(reply.getStatus())) {
                return true;
            }
        }
        return false;
    }

    /** Forgets refusals, which concern one attempt only. */
    public void forgetRefusals() {
        for (int i = 0; i < byMember.length; i++) {
            if (byMember[i] != null && !isFinal(byMember[i].getStatus())) {
                byMember[i] = null;
            }
        }
    }

    private static boolean sameAnswer(Reply one, Reply other) {
        return one.getStatus() == other.getStatus() && one.getResult().equals(other.getResult());
    }
}
