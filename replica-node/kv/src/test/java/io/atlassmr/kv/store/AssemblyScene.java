package io.atlassmr.kv.store;

import static io.atlassmr.kv.store.StoreFixture.fill;
import static io.atlassmr.kv.store.StoreFixture.newStore;
import static io.atlassmr.kv.store.StoreFixture.scan;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.api.DivisibleState.Assembly;
import io.atlassmr.api.DivisibleState.Image;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two stores: the parts of an image of the one are put together to an image for the other. */
abstract class AssemblyScene {

    @TempDir
    Path temporary;

    PartitionedStore source;
    PartitionedStore target;
    Path directory;

    @BeforeEach
    void open() throws IOException {
        source = newStore(temporary.resolve("source"));
        target = newStore(temporary.resolve("target"));
        directory = temporary.resolve("assembled").resolve("image");
        fill(source, 0, 200, 1);
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    /** Has an image assembled from all parts of another. */
    final void assemble(Image image) throws IOException {
        try (Assembly assembly = target.assemble(directory)) {
            for (PartDescriptor part : image.parts()) {
                assembly.put(part, image.read(part));
            }
            assembly.finish(image.parts());
        }
    }

    /** The target, as it is restored from what was assembled, has what the source has. */
    final void assertAssembledLikeSource() throws IOException {
        target.restore(directory);
        assertEquals(scan(source), scan(target));
    }

    /** The names in a directory, in order. */
    static List<String> filesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
