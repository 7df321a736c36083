package io.atlassmr.cli.cluster.creation;

import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.cluster.spec.Durability;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Statement;
import io.atlassmr.runtime.log.RecordStore;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.storage.RocksDbPersistentLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A cluster's files whose replicas never run; logs are written as if they had. */
public record MadeCluster(ClusterDirectory directory) {

    private static final int QUORUM = 3;

    /** What a test does with an open log. */
    public interface Writing {
        void write(PersistentLog log, RecordStore records) throws IOException;
    }

    /** A new cluster of four. */
    public static MadeCluster in(Path root) {
        ClusterCreation.create(root, new ClusterSpec(4, 7100, Durability.STRICT), RandomGenerator.getDefault());
        return new MadeCluster(ClusterDirectory.open(root));
    }

    /** Writes to a replica's log. */
    public void write(int id, boolean genesis, Writing writing) throws IOException {
        try (PersistentLog log = RocksDbPersistentLog.open(directory.files(id).log())) {
            RecordStore records = new RecordStore(log, directory.cluster().clusterId(), id, genesis);
            writing.write(log, records);
        }
    }

    /** Writes decisions to a replica's log, signed by replicas 0 to 2. */
    public void decide(int id, long first, long last) throws IOException {
        write(id, true, (log, records) -> {
            for (long s = first; s <= last; s++) {
                Batch batch = BatchCodec.encode(1000 + s, List.of());
                Certificate certificate = certificate(s, batch.digest(), new Commit(0, s, batch.digest()));
                records.write(List.of(new LogRecord.DecisionRecord(certificate, batch)));
            }
        });
    }

    /** The certificate of a checkpoint with this digest, signed by replicas 0 to 2. */
    public Certificate checkpoint(long sequenceNumber, Digest digest) throws IOException {
        return certificate(sequenceNumber, digest, new CheckpointVote(sequenceNumber, digest));
    }

    /** The decision that begins an epoch of the same members above a decision of epoch 1. */
    public Decision link(long epoch, long base) throws IOException {
        List<Member> members = directory.cluster().members().stream()
                .map(member -> new Member(
                        member.id(), member.publicKey(), member.host(), member.peerPort(), member.clientPort()))
                .toList();
        Membership next = Membership.of(directory.cluster().clusterId(), epoch, members);
        Batch batch = BatchCodec.encodeLast(1000, new Epoch(next, base));
        return new Decision(certificate(base, batch.digest(), new Commit(0, base, batch.digest())), batch);
    }

    /** The message under a replica's signature, given in epoch 1. */
    public <M extends ProtocolMessage> Signed<M> sign(int signer, M message) throws IOException {
        return sign(signer, message, 1);
    }

    /** The message under a replica's signature. */
    public <M extends ProtocolMessage> Signed<M> sign(int signer, M message, long epoch) throws IOException {
        Ed25519Identity identity = identity(signer);
        return new Signed<>(
                message,
                signer,
                epoch,
                identity.sign(Statement.of(directory.cluster().clusterId(), epoch, message)));
    }

    private Certificate certificate(long sequenceNumber, Digest digest, ProtocolMessage vote) throws IOException {
        List<VoteSignature> signatures = new ArrayList<>();
        for (int signer = 0; signer < QUORUM; signer++) {
            Ed25519Identity identity = identity(signer);
            byte[] statement = Statement.of(directory.cluster().clusterId(), 1, vote);
            signatures.add(new VoteSignature(signer, identity.sign(statement)));
        }
        return new Certificate(0, sequenceNumber, digest, signatures);
    }

    /** The key of a replica. */
    public Ed25519Identity identity(int replica) throws IOException {
        return Ed25519Identity.load(directory.replica(replica).resolve("identity.pem"));
    }
}
