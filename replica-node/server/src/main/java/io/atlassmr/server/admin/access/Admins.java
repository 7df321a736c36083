package io.atlassmr.server.admin.access;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.replica.ReplicaProcess;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Optional;

/**
 * Who may call the admin API: the administrators whom the members agree on, each with its role; whoever this replica's own
 * configuration names, as an operator of this replica; and members, who may look.
 */
@Singleton
final class Admins {

    private final ReplicaSettings settings;
    private final ReplicaProcess process;

    @Inject
    Admins(ReplicaSettings settings, ReplicaProcess process) {
        this.settings = settings;
        this.process = process;
    }

    /** The role of whoever holds this key, empty if he may not even look. */
    Optional<Role> role(PublicKey key) {
        ReconfigurationState state = process.reconfiguration();
        Role agreed = state.administrators().get(key);
        if (agreed != null) {
            return Optional.of(agreed);
        }
        byte[] bytes = key.toByteArray();
        if (settings.admin().clients().contains(IdentityKey.of(bytes))) {
            return Optional.of(Role.OPERATOR);
        }
        boolean isMember = state.current().membership().members().stream().anyMatch(member -> has(member, bytes))
                || settings.replica().protocol().membership().members().stream().anyMatch(member -> has(member, bytes));
        return isMember ? Optional.of(Role.VIEWER) : Optional.empty();
    }

    private static boolean has(Member member, byte[] key) {
        return Arrays.equals(member.publicKey(), key);
    }
}
