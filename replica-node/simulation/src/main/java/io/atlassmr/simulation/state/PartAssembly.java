package io.atlassmr.simulation.state;

import io.atlassmr.api.DivisibleState.Assembly;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** An image of a {@link PartedKvState} in the making. */
final class PartAssembly implements Assembly {

    private final Path directory;

    PartAssembly(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
    }

    @Override
    public boolean has(PartDescriptor part) throws IOException {
        Path file = PartFiles.file(directory, part);
        return Files.exists(file) && Sha256.of(Files.readAllBytes(file)).equals(Digest.of(part.digest()));
    }

    @Override
    public void put(PartDescriptor part, byte[] content) throws IOException {
        Files.write(PartFiles.file(directory, part), content);
    }

    @Override
    public void sync() {}

    @Override
    public void finish(List<PartDescriptor> parts) throws IOException {
        Set<Path> kept =
                parts.stream().map(part -> PartFiles.file(directory, part)).collect(Collectors.toSet());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (!kept.contains(file)) {
                    Files.delete(file);
                }
            }
        }
        PartFiles.index(directory, parts);
    }

    @Override
    public void close() {}
}
