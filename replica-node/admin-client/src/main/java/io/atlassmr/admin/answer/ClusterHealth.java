package io.atlassmr.admin.answer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the cluster looks from one replica.
 *
 * @param state HEALTHY, DEGRADED, AT_RISK or NO_QUORUM
 * @param faultBudget how many more members may fail or lie
 * @param liars members that are proven to lie
 * @param faulty members that anything is proven against
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterHealth(
        String state, int faultBudget, List<Integer> liars, List<Integer> faulty, List<MemberHealth> members) {

    /**
     * One member.
     *
     * @param suspicion 0 to 100
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record MemberHealth(int id, String condition, int suspicion) {}

    public ClusterHealth {
        liars = liars == null ? List.of() : List.copyOf(liars);
        faulty = faulty == null ? List.of() : List.copyOf(faulty);
        members = members == null ? List.of() : List.copyOf(members);
    }

    /** Whether nothing speaks against any member. */
    public boolean isHealthy() {
        return "HEALTHY".equals(state);
    }

    /** For a person: the state, and who is why. */
    public String describe() {
        List<String> reasons = new ArrayList<>();
        for (MemberHealth member : members) {
            if (!"SOUND".equals(member.condition())) {
                String suspicion = member.suspicion() > 0 ? " (suspicion " + member.suspicion() + ")" : "";
                reasons.add("replica " + member.id() + " " + label(member.condition()) + suspicion);
            }
        }
        String budget = faultBudget == 0 ? "no more may fail" : faultBudget + " more may fail";
        return label(state) + ", " + budget + (reasons.isEmpty() ? "" : ": " + String.join(", ", reasons));
    }

    private static String label(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
