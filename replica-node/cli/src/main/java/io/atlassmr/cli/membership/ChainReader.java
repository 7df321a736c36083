package io.atlassmr.cli.membership;

import com.google.protobuf.ByteString;
import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.EpochLinksAnswer;
import io.atlassmr.cli.CommandException;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.client.cluster.EpochLinks;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Follows the epochs that a replica gives from members that are believed. The replica itself is not believed. */
public final class ChainReader {

    private ChainReader() {}

    /**
     * The newest members that the replica can prove.
     *
     * @throws CommandException if it cannot be asked, or what it gives proves nothing
     */
    public static ClusterDescription follow(ClusterDescription trusted, Member replica, AdminClient admin) {
        ClusterDescription known = trusted;
        while (true) {
            EpochLinksAnswer answer;
            try {
                answer = admin.epochs(replica, known.epoch() + 1).join();
            } catch (CompletionException e) {
                throw new CommandException(
                        "replica " + replica.id() + " cannot be asked for the epochs: " + AdminClient.reason(e), e);
            }
            ClusterDescription later = step(known, answer.links(), replica.id());
            if (later.epoch() == known.epoch()) {
                return known;
            }
            known = later;
        }
    }

    private static ClusterDescription step(ClusterDescription known, List<String> links, int replica) {
        try {
            return EpochLinks.follow(
                    known,
                    links.stream()
                            .map(link -> ByteString.copyFrom(Base64.getDecoder().decode(link)))
                            .toList(),
                    new Ed25519Verifier());
        } catch (EpochLinks.BrokenException | IllegalArgumentException e) {
            throw new CommandException(
                    "what replica " + replica + " gives does not prove its members: " + e.getMessage(), e);
        }
    }
}
