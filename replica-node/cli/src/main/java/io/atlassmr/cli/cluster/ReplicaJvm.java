package io.atlassmr.cli.cluster;

import io.atlassmr.cli.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Options of a replica's JVM: several share one machine here, so each takes little of it. */
final class ReplicaJvm {

    private ReplicaJvm() {}

    static List<String> options(Installation installation) {
        List<String> options = new ArrayList<>(List.of(
                "-Xms64m",
                "-Xmx768m",
                "-XX:+UseSerialGC",
                // A replica without memory must end, not limp.
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        Path archive = installation.serverJar().resolveSibling("server.jsa");
        if (Files.isRegularFile(archive)) {
            options.add("-XX:SharedArchiveFile=" + archive);
            options.add("-Xlog:cds=off");
        }
        return options;
    }
}
