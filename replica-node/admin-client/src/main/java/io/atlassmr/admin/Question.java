package io.atlassmr.admin;

import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.admin.answer.MembershipAnswer;
import io.atlassmr.admin.answer.ReconfigurationAnswer;
import io.atlassmr.admin.answer.ReplicaEvidence;

/**
 * A read of the admin API.
 *
 * @param path below {@code /admin/v1/}, with the query if there is one
 * @param type what its answer is read as
 */
public record Question<T>(String path, Class<T> type) {

    static final String PREFIX = "/admin/v1/";

    /** Where a replica stands. */
    public static final Question<AdminStatus> STATUS = new Question<>("status", AdminStatus.class);

    /** Who the members, administrators and admitted ones are. */
    public static final Question<MembershipAnswer> MEMBERSHIP = new Question<>("membership", MembershipAnswer.class);

    /** What is proven against members. */
    public static final Question<ReplicaEvidence> EVIDENCE = new Question<>("evidence", ReplicaEvidence.class);

    /**
     * What became of a command.
     *
     * @param command names it
     */
    public static Question<ReconfigurationAnswer> reconfiguration(String command) {
        return new Question<>("reconfigurations/" + command, ReconfigurationAnswer.class);
    }

    /** Path and query as the replica sees them, and signs them. */
    public String target() {
        return PREFIX + path;
    }
}
