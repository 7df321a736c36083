package io.atlassmr.admin.answer;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Locale;

/**
 * How far a replica is on its way back, as it says itself. Numbers that do not belong to the step are 0.
 *
 * @param checkpoint whose state is fetched
 * @param partsDone parts of the state, or pages of its manifest, that are here
 * @param decisionsDone the newest decision here; while it executes, the last one executed
 * @param decisions the decision to reach
 * @param etaMillis about how long the step still takes, null if that cannot be told
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RecoveryProgress(
        Step step,
        long checkpoint,
        long partsDone,
        long parts,
        long bytesDone,
        long bytes,
        long decisionsDone,
        long decisions,
        Long etaMillis) {

    /** Steps of a recovery. */
    public static final int STEPS = 4;

    private static final double MIB = 1 << 20;

    /** What it is doing. */
    public enum Step {
        /** Nothing: it has what its peers have. */
        @JsonEnumDefaultValue
        NONE(0, ""),
        SEEKING_STATE(1, "state transfer"),
        FETCHING_MANIFEST(1, "state transfer"),
        FETCHING_STATE(1, "state transfer"),
        INSTALLING_STATE(1, "state transfer"),
        FETCHING_LOG(2, "log transfer"),
        EXECUTING(3, "execution"),
        ABSTAINING(4, "protocol state");

        private final int number;
        private final String title;

        Step(int number, String title) {
            this.number = number;
            this.title = title;
        }

        /** Which of the four steps of recovery, 0 for none. */
        public int number() {
            return number;
        }
    }

    /** One line for a person, without the replica's name; only during a step. */
    public String describe(AdminStatus status) {
        String eta = etaMillis == null ? "" : String.format(Locale.ROOT, ", about %.0f s left", etaMillis / 1000.0);
        return "step " + step.number + " of " + STEPS + ", " + step.title + ": "
                + switch (step) {
                    case NONE -> "done";
                    case SEEKING_STATE -> "asks peers for a checkpoint";
                    case FETCHING_MANIFEST ->
                        "fetches what checkpoint " + checkpoint + " consists of, " + partsDone + " of " + parts
                                + " pages";
                    case FETCHING_STATE ->
                        String.format(
                                Locale.ROOT,
                                "checkpoint %d, %d of %d parts, %.1f of %.1f MiB",
                                checkpoint,
                                partsDone,
                                parts,
                                bytesDone / MIB,
                                bytes / MIB);
                    case INSTALLING_STATE -> "puts checkpoint " + checkpoint + " in place";
                    case FETCHING_LOG -> "has decisions up to " + decisionsDone + " of " + decisions;
                    case EXECUTING -> "has executed decisions up to " + decisionsDone + " of " + decisions;
                    case ABSTAINING -> "lost its votes; may vote again " + when(status);
                }
                + eta;
    }

    private static String when(AdminStatus status) {
        if (status.abstainsUntil() == 0) {
            return "when a quorum of its peers has told what they remember";
        }
        String view = "in view " + status.abstainsUntilView() + ", this is view " + status.view();
        return status.stableCheckpoint() >= status.abstainsUntil()
                ? view
                : "after a stable checkpoint at or above " + status.abstainsUntil() + ", the newest is "
                        + status.stableCheckpoint() + "; and " + view;
    }
}
