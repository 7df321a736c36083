package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.cli.bench.ReturnWatch.Return;
import io.atlassmr.cli.cluster.spec.ReplicaTuning.KvState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Replicas of a real cluster come back from what can happen to them, under load, with nothing acknowledged missing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecoveryProcessTest {

    private RecoveryScene scene;

    @BeforeAll
    void start() throws InterruptedException {
        scene = RecoveryScene.start(4, KvState.ROCKSDB);
    }

    @AfterAll
    void end() {
        scene.close();
    }

    private Return bringBack(int id) throws InterruptedException {
        return scene.bringBack(List.of(id)).getFirst();
    }

    @Test
    void aReplicaThatRestartsWithItsDiskNeedsNoState() throws Exception {
        scene.underLoad(() -> {});
        int replica = scene.follower();
        scene.cluster().kill(replica);
        assertEquals(0, bringBack(replica).stateBytes());
        scene.underLoad(() -> {});
    }

    @Test
    @Tag("slow")
    void aReplicaThatMissedSeveralCheckpointsIsGivenTheState() throws Exception {
        scene.underLoad(() -> {
            int replica = scene.follower();
            scene.cluster().kill(replica);
            scene.outrun(replica);
            assertTrue(bringBack(replica).stateBytes() > 0, "it was given no state");
        });
    }

    @Test
    void aReplicaWhoseDiskWasWipedVotesAgain() throws Exception {
        scene.underLoad(() -> {
            int replica = scene.follower();
            scene.cluster().kill(replica);
            scene.cluster().wipe(replica);
            assertTrue(bringBack(replica).stateBytes() > 0, "it was given no state");
        });
    }

    @Test
    @Tag("slow")
    void aLeaderWhoseDiskWasWipedVotesAgain() throws Exception {
        scene.underLoad(() -> {
            int leader = scene.leader();
            scene.cluster().kill(leader);
            scene.cluster().wipe(leader);
            assertTrue(bringBack(leader).stateBytes() > 0, "it was given no state");
        });
    }

    @Test
    void allKilledAtOnceKeepWhatWasAcknowledged() throws Exception {
        scene.underLoad(() -> {
            List<Integer> all = scene.cluster().directory().ids();
            all.forEach(
                    id -> scene.cluster().processes().process(id).orElseThrow().destroyForcibly());
            all.forEach(scene.cluster()::kill);
            scene.cluster().start(all, ready -> {});
        });
    }

    @Test
    @Tag("slow")
    void aReplicaFarBehindCatchesUpWhileTheLeaderDies() throws Exception {
        scene.underLoad(() -> {
            int replica = scene.follower();
            scene.cluster().kill(replica);
            scene.outrun(replica);
            int leader = scene.leader();
            Return back = scene.bringBack(
                            List.of(replica), () -> scene.cluster().kill(leader))
                    .getFirst();
            assertTrue(back.stateBytes() > 0, "it was given no state");
            // Two of the others are left: nothing is acknowledged without the one that was behind.
            scene.acknowledgeMore();
            scene.cluster().start(List.of(leader), ready -> {});
        });
    }

    @Test
    @Tag("slow")
    void aSnapshotThatIsCorruptOnDiskIsFetchedFromPeers() throws Exception {
        scene.underLoad(() -> {
            int replica = scene.follower();
            scene.cluster().kill(replica);
            corruptSnapshots(scene.cluster().directory().root().resolve("replica-" + replica + "/checkpoints"));
            assertTrue(bringBack(replica).stateBytes() > 0, "it was given no state");
        });
    }

    /** Inverts a byte in the middle of the largest file of each checkpoint. */
    private static void corruptSnapshots(Path checkpoints) throws IOException {
        List<Path> each;
        try (Stream<Path> entries = Files.list(checkpoints)) {
            each = entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .toList();
        }
        assertTrue(!each.isEmpty(), "there is no checkpoint");
        for (Path checkpoint : each) {
            invertAByte(largestFile(checkpoint.resolve("state")));
        }
    }

    private static Path largestFile(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".sst"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void invertAByte(Path file) throws IOException {
        // A new file: others may be links to the same.
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            bytes[bytes.length / 4] ^= (byte) 0xff;
            int _ = channel.write(ByteBuffer.wrap(bytes));
        }
    }

    @Test
    @Tag("long")
    void twoOfSevenWipedAtOnceVoteAgain() throws Exception {
        try (RecoveryScene seven = RecoveryScene.start(7, KvState.MEMORY)) {
            seven.underLoad(() -> {
                List<Integer> wiped = List.of(seven.leader(), seven.follower());
                wiped.forEach(seven.cluster()::kill);
                wiped.forEach(seven.cluster()::wipe);
                for (Return back : seven.bringBack(wiped)) {
                    assertTrue(back.stateBytes() > 0, "one was given no state");
                }
            });
        }
    }
}
