package io.atlassmr.cli.process;

import io.atlassmr.api.ClientId;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.network.NettyReplicaNetworkNode;
import io.atlassmr.network.NetworkConfiguration;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Statement;
import io.atlassmr.runtime.frame.EvidenceFrames;
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.runtime.port.TrafficClass;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Speaks in the place of a member whose process is down, with its key: signs two votes that contradict each other, and shows them. */
final class Impostor implements AutoCloseable, NetworkListener {

    private final Membership membership;
    private final int id;
    private final Ed25519Identity key;
    private final NettyReplicaNetworkNode network;
    private final CountDownLatch othersToReach;

    Impostor(Path directory, int id) throws IOException {
        ClusterDescription cluster = ClusterDirectory.open(directory).cluster();
        this.id = id;
        this.key = Ed25519Identity.load(directory.resolve("replica-" + id + "/identity.pem"));
        this.membership = Membership.of(
                cluster.clusterId(),
                cluster.epoch(),
                cluster.members().stream()
                        .map(m -> new Member(m.id(), m.publicKey(), m.host(), m.peerPort(), m.clientPort()))
                        .toList());
        this.othersToReach = new CountDownLatch(membership.members().size() - 1);
        this.network = new NettyReplicaNetworkNode(NetworkConfiguration.of(membership, id, "127.0.0.1"), key);
        network.start(this);
    }

    private Signed<Prepare> vote(int batch) {
        Digest digest = Sha256.of(new byte[] {(byte) batch});
        Prepare prepare = new Prepare(0, 1, digest);
        byte[] statement = Statement.of(membership.clusterId(), membership.epoch(), prepare);
        return new Signed<>(prepare, id, membership.epoch(), key.sign(statement));
    }

    /** Tells all others of the lie; the id of its proof. */
    String lie() throws InterruptedException {
        Proof proof = new Proof(membership.clusterId(), Misdeed.Conflict.of(vote(1), vote(2)));
        if (!othersToReach.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the others cannot be reached");
        }
        for (Member member : membership.members()) {
            if (member.id() != id) {
                boolean _ = network.sendToReplica(
                        member.id(), TrafficClass.RECONFIGURATION, EvidenceFrames.proofs(List.of(proof)));
            }
        }
        return proof.id().toHex();
    }

    @Override
    public void onReplicaUp(int replicaId) {
        othersToReach.countDown();
    }

    @Override
    public void onReplicaDown(int replicaId) {}

    @Override
    public void onReplicaFrame(int replicaId, TrafficClass trafficClass, byte[] frame) {}

    @Override
    public void onClientFrame(ClientId clientId, byte[] frame) {}

    @Override
    public void close() {
        network.close();
    }
}
