package io.atlassmr.admin.answer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * What a replica says of the members; the fields that commands use.
 *
 * @param next the epoch that follows, null if no change is in flight
 * @param barred members that lead no more in this epoch because they are proven to lie; null if the replica does not say
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MembershipAnswer(
        String clusterId,
        long epoch,
        long base,
        int n,
        int f,
        int quorum,
        Next next,
        List<Administrator> administrators,
        List<Admission> admissions,
        List<Integer> barred) {

    /** The epoch that follows. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Next(long epoch, long base) {}

    /** Who may ask for changes. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Administrator(String publicKey, String role) {}

    /** Who may ask to join. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Admission(Newcomer newcomer, long expiresAtMillis, Integer replaces) {}

    /** Whom an admission is about. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Newcomer(int id, String publicKey, String host, int peerPort, int clientPort) {}
}
