package io.atlassmr.server.admin.write;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The members, and what the members agree on about themselves, as the admin API tells it.
 *
 * @param base the last decision before the epoch
 * @param next the epoch that follows, null if no change is in flight
 * @param f how many of the members may lie
 * @param barred members that are proven to have lied in this epoch, and lead no more in it
 */
public record MembershipView(
        String clusterId,
        long epoch,
        long base,
        int n,
        int f,
        int quorum,
        List<MemberView> members,
        @Schema(nullable = true) NextEpoch next,
        List<AdministratorView> administrators,
        List<AdmissionView> admissions,
        List<Integer> barred) {

    /** One member. */
    public record MemberView(int id, String publicKey, String host, int peerPort, int clientPort) {

        static MemberView of(Member member) {
            return new MemberView(
                    member.id(),
                    HexFormat.of().formatHex(member.publicKey()),
                    member.host(),
                    member.peerPort(),
                    member.clientPort());
        }
    }

    /**
     * The epoch that follows.
     *
     * @param base it begins above this decision
     */
    public record NextEpoch(long epoch, long base, List<MemberView> members) {}

    /** Who may ask for changes. */
    public record AdministratorView(String publicKey, String role) {}

    /**
     * Who may ask to join.
     *
     * @param replaces the member that leaves then, null if none does
     */
    public record AdmissionView(
            MemberView newcomer,
            long expiresAtMillis,
            @Schema(nullable = true) Integer replaces) {}

    static MembershipView of(ReconfigurationState state) {
        Epoch current = state.current();
        Membership membership = current.membership();
        return new MembershipView(
                membership.clusterId(),
                current.number(),
                current.base(),
                membership.quorum().n(),
                membership.quorum().f(),
                membership.quorum().size(),
                members(current),
                state.next() == null
                        ? null
                        : new NextEpoch(state.next().number(), state.next().base(), members(state.next())),
                state.administrators().entrySet().stream()
                        .map(entry -> new AdministratorView(
                                HexFormat.of().formatHex(entry.getKey().toByteArray()),
                                entry.getValue().name().toLowerCase(Locale.ROOT)))
                        .toList(),
                state.admissions().values().stream()
                        .map(admission -> new AdmissionView(
                                MemberView.of(admission.newcomer()),
                                admission.expiresAtMillis(),
                                admission.replaces() == Command.Admit.NOBODY ? null : admission.replaces()))
                        .toList(),
                List.copyOf(state.barred()));
    }

    private static List<MemberView> members(Epoch epoch) {
        return epoch.membership().members().stream().map(MemberView::of).toList();
    }
}
