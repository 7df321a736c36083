package io.atlassmr.client;

import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.client.quorum.QuorumSizes;
import io.atlassmr.client.transport.ClientTransport;

/**
 * The members of an epoch, and what receives their replies.
 *
 * @param receiver checks that replies are of these members
 */
record Members(ClusterDescription cluster, ReplyReceiver receiver) {

    long epoch() {
        return cluster.epoch();
    }

    QuorumSizes sizes() {
        return new QuorumSizes(cluster.members().size());
    }

    /** The id of the member at this position. */
    int id(int memberIndex) {
        return cluster.members().get(memberIndex).id();
    }

    /** Hands a frame to each of them; to how many it went. */
    int sendToAll(ClientTransport transport, byte[] frame) {
        int recipients = 0;
        for (Member member : cluster.members()) {
            recipients += transport.send(member.id(), frame) ? 1 : 0;
        }
        return recipients;
    }
}
