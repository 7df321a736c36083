package io.atlassmr.cli.cluster.process;

import io.atlassmr.cli.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Options of a replica's JVM: several share one machine here, so each takes little of it. */
final class ReplicaJvm {

    /** Environment variable: more options for the JVMs of replicas, between blanks. */
    private static final String EXTRA_OPTIONS = "ATLAS_REPLICA_JAVA_OPTS";

    private ReplicaJvm() {}

    /** @param trains whether this replica leaves an archive of classes if there is none */
    static List<String> options(Installation installation, boolean trains) {
        List<String> options = new ArrayList<>(List.of(
                "-Xms128m",
                "-Xmn80m",
                "-Xmx768m",
                "-XX:+UseSerialGC",
                // A replica without memory must end, not limp.
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-XX:SharedArchiveFile=" + archive(installation)));
        if (trains) {
            options.add("-XX:+AutoCreateSharedArchive");
        }
        String extra = System.getenv(EXTRA_OPTIONS);
        if (extra != null && !extra.isBlank()) {
            options.addAll(List.of(extra.strip().split("\\s+")));
        }
        return options;
    }

    /** Whether replicas start fast, from an archive of the classes that one before them used and left when it ended well. */
    static boolean isTrained(Installation installation) {
        return Files.isRegularFile(archive(installation));
    }

    private static Path archive(Installation installation) {
        return installation.serverJar().resolveSibling("server.jsa");
    }
}
