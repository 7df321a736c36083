package io.atlassmr.protocol.reconfiguration.state;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.membership.Member;

/**
 * A replica that may follow the cluster and ask to join it.
 *
 * @param newcomer what its member record would be
 * @param expiresAtMillis in agreed time
 * @param replaces the member that leaves when it joins, {@link io.atlassmr.protocol.message.Command.Admit#NOBODY} if none does
 * @param command digest of the command that admitted it; an approval names it, so that it counts for no other admission
 */
public record Admission(Member newcomer, long expiresAtMillis, int replaces, Digest command) {}
