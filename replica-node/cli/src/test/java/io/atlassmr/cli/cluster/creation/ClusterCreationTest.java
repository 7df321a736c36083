package io.atlassmr.cli.cluster.creation;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Installation;
import io.atlassmr.cli.UsageException;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.directory.DirectoryLock;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.cluster.spec.Durability;
import io.atlassmr.cli.cluster.spec.ReplicaPorts;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.crypto.identity.Ed25519Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterCreationTest {

    private static final ClusterSpec SPEC = new ClusterSpec(4, 7100, Durability.RELAXED);

    @TempDir
    Path directory;

    private Installation installation;

    @BeforeEach
    void installation() throws IOException {
        Path jar = Files.createFile(directory.resolve("server.jar"));
        installation = new Installation(directory, AtlasRun.installation().java(), jar);
    }

    private ClusterDirectory create(Path root) {
        ClusterCreation.create(root, SPEC, RandomGenerator.getDefault());
        return ClusterDirectory.open(root);
    }

    @Test
    void eachReplicaHasItsKeyItsPortsAndItsConfiguration() throws IOException {
        ClusterDirectory made = create(directory.resolve("c"));
        assertEquals(List.of(0, 1, 2, 3), made.ids());
        assertEquals(new ReplicaPorts(7120, 7121, 7122, 7123, 7124), ReplicaPorts.of(made.member(2)));
        assertEquals(Durability.RELAXED, made.durability(3));
        for (Member member : made.cluster().members()) {
            Path replica = made.replica(member.id());
            Properties properties = new Properties();
            try (var reader = Files.newBufferedReader(made.configuration(member.id()))) {
                properties.load(reader);
            }
            Ed25519Identity identity =
                    Ed25519Identity.load(replica.resolve(properties.getProperty("atlas.identity-file")));
            Path clusterFile = replica.resolve(properties.getProperty("atlas.cluster-file"));
            assertAll(
                    () -> assertTrue(java.util.Arrays.equals(member.publicKey(), identity.publicKey())),
                    () -> assertEquals(String.valueOf(member.id()), properties.getProperty("atlas.replica-id")),
                    () -> assertTrue(Files.isSameFile(made.root().resolve("cluster.json"), clusterFile)),
                    () -> assertEquals(
                            made.clientIdentity().key().toHex(), properties.getProperty("atlas.admin.clients")));
        }
    }

    @Test
    void whatAnInterruptedCreationLeftIsReplaced() throws IOException {
        Path root = directory.resolve("c");
        create(root);
        Files.delete(root.resolve("cluster.json"));
        assertEquals(4, create(root).ids().size());
    }

    @Test
    void aDirectoryOfSomethingElseIsLeftAlone() throws IOException {
        Path root = Files.createDirectories(directory.resolve("c"));
        Path precious = Files.writeString(root.resolve("thesis.txt"), "all of it");
        CommandException refused = assertThrows(CommandException.class, () -> create(root));
        assertTrue(
                refused.getMessage().contains("in use") && refused.getMessage().contains("thesis.txt"),
                refused::toString);
        assertEquals("all of it", Files.readString(precious));
    }

    @Test
    void aClusterThatIsThereIsOpenedIfItIsAsWished() {
        Path root = directory.resolve("c");
        String made = create(root).cluster().clusterId();
        LocalCluster.Wish none = new LocalCluster.Wish(Optional.empty(), Optional.empty(), Optional.empty());
        LocalCluster.Wish same =
                new LocalCluster.Wish(Optional.of(4), Optional.of(7100), Optional.of(Durability.RELAXED));
        for (LocalCluster.Wish wish : List.of(none, same)) {
            assertEquals(
                    made,
                    LocalCluster.openOrCreate(root, wish, installation)
                            .directory()
                            .cluster()
                            .clusterId());
        }
    }

    @Test
    void aClusterThatIsThereDoesNotChange() {
        Path root = directory.resolve("c");
        create(root);
        UsageException refused = assertThrows(
                UsageException.class,
                () -> LocalCluster.openOrCreate(
                        root, new LocalCluster.Wish(Optional.of(7), Optional.empty(), Optional.empty()), installation));
        assertTrue(refused.getMessage().contains("--replicas 4, which cannot change to 7"), refused::toString);
    }

    @Test
    void twoCommandsDoNotWorkOnOneClusterAtOnce() {
        Path root = directory.resolve("c");
        try (DirectoryLock _ = DirectoryLock.take(root)) {
            CommandException refused = assertThrows(CommandException.class, () -> DirectoryLock.take(root));
            assertTrue(refused.getMessage().contains("another atlas command"), refused::toString);
        }
        DirectoryLock.take(root).close();
    }

    @Test
    void deletingAClusterLeavesNothing() {
        Path root = directory.resolve("c");
        create(root);
        LocalCluster.open(root, installation).delete();
        assertFalse(Files.exists(root));
    }
}
