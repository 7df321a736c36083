package io.atlassmr.cli.log;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.cluster.directory.ReplicaFiles;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.storage.StoreReader;
import java.io.IOException;

/**
 * The files of a replica that does not run, open for reading; no replica can start from them meanwhile.
 *
 * @param membership the members, as the cluster's file names them
 */
public record OfflineReplica(int id, Membership membership, ReplicaFiles files, StoreReader store)
        implements AutoCloseable {

    /**
     * @param example what a person adds to an example command so that it means the same cluster
     * @throws CommandException if the replica runs, or nothing of its log can be read
     */
    public static OfflineReplica open(LocalCluster cluster, int id, String example) {
        ClusterDescription description = cluster.directory().genesis();
        cluster.directory().member(id);
        cluster.requireStopped(id, example + "; its log can be read only while it is down");
        ReplicaFiles files = cluster.directory().files(id);
        try {
            return new OfflineReplica(id, membership(description), files, StoreReader.open(files.log()));
        } catch (IOException e) {
            throw new CommandException(
                    StoreReader.exists(files.log())
                            ? "cannot read the log of replica " + id + ": " + e.getMessage()
                            : "replica " + id + " has no log in " + files.log() + ": it never ran, or was wiped",
                    e);
        }
    }

    private static Membership membership(ClusterDescription cluster) {
        return Membership.of(
                cluster.clusterId(),
                cluster.epoch(),
                cluster.members().stream()
                        .map(m -> new Member(m.id(), m.publicKey(), m.host(), m.peerPort(), m.clientPort()))
                        .toList());
    }

    @Override
    public void close() {
        try {
            store.close();
        } catch (IOException e) {
            throw new CommandException("cannot give up the log of replica " + id + ": " + e.getMessage(), e);
        }
    }
}
