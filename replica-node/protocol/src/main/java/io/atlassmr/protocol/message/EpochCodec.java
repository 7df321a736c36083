package io.atlassmr.protocol.message;

import com.google.protobuf.UnsafeByteOperations;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.membership.Quorum;
import java.util.ArrayList;
import java.util.List;

/** Epochs and members as wire messages. Decoding checks structure and bounds, not who vouches for them. */
public final class EpochCodec {

    private static final int MAX_HOST_LENGTH = 253;

    private EpochCodec() {}

    public static io.atlassmr.wire.v1.Member encode(Member member) {
        return io.atlassmr.wire.v1.Member.newBuilder()
                .setId(member.id())
                .setPublicKey(UnsafeByteOperations.unsafeWrap(member.publicKey()))
                .setHost(member.host())
                .setPeerPort(member.peerPort())
                .setClientPort(member.clientPort())
                .build();
    }

    /**
     * @throws MalformedMessageException if a field is out of range
     */
    public static Member decode(io.atlassmr.wire.v1.Member wire) throws MalformedMessageException {
        requireAddress(wire.getHost(), wire.getPeerPort(), wire.getClientPort());
        PublicKey key = CommandCodec.key(wire.getPublicKey());
        return new Member(
                CommandCodec.id(wire.getId()),
                key.toByteArray(),
                wire.getHost(),
                wire.getPeerPort(),
                wire.getClientPort());
    }

    public static void requireAddress(String host, int peerPort, int clientPort) throws MalformedMessageException {
        boolean portsFit = peerPort >= 1 && peerPort <= 65_535 && clientPort >= 1 && clientPort <= 65_535;
        if (host.isBlank() || host.length() > MAX_HOST_LENGTH || !portsFit) {
            throw new MalformedMessageException(
                    "an address of \"" + host.substring(0, Math.min(host.length(), MAX_HOST_LENGTH)) + "\", ports "
                            + peerPort + " and " + clientPort);
        }
    }

    public static io.atlassmr.wire.v1.Epoch encode(Epoch epoch) {
        var wire = io.atlassmr.wire.v1.Epoch.newBuilder()
                .setClusterId(epoch.membership().clusterId())
                .setEpoch(epoch.number())
                .setBase(epoch.base());
        epoch.membership().members().forEach(member -> wire.addMembers(encode(member)));
        return wire.build();
    }

    /**
     * @throws MalformedMessageException if it cannot be an epoch of a cluster
     */
    public static Epoch decode(io.atlassmr.wire.v1.Epoch wire) throws MalformedMessageException {
        if (wire.getMembersCount() < Quorum.MIN_MEMBERS || wire.getMembersCount() > Membership.MAX_MEMBERS) {
            throw new MalformedMessageException("an epoch of " + wire.getMembersCount() + " members");
        }
        List<Member> members = new ArrayList<>(wire.getMembersCount());
        for (var member : wire.getMembersList()) {
            members.add(decode(member));
        }
        try {
            return new Epoch(
                    new Membership(wire.getClusterId(), wire.getEpoch(), members, new Quorum(members.size())),
                    wire.getBase());
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("no epoch: " + e.getMessage(), e);
        }
    }
}
